//! Names that would be markup, statements or commands, if they were not escaped.

use super::drawing::elements;
use super::{scenario, with_way};

/// Names, each with what would end a text in one of the languages.
const NAMES: &[&str] = &[
    "\"]; end",
    "</text><script>alert(1)</script>",
    "' onload='alert(1)",
    "]]> &amp; &#x202e; &lt;",
    "`md` **bold** #quot; #35; %%{init: {}}%%",
    "|x| --> y",
    "\\\" \\l \\N \\",
    "\u{1b}[31m\u{202e}\u{2028}",
    "two\nlines\rand\u{0}none",
    "\u{ffff}\u{fffe}",
    "1. not a list",
    "end",
    "網路",
];

/// A network in which everything has a hostile name.
fn network(name: &str) -> String {
    // YAML reads JSON's escapes, also of what it would refuse to read as it is.
    let escaped = |c: char| match c {
        ' '..='~' if !"\"\\".contains(c) => c.to_string(),
        c => format!("\\u{:04x}", u32::from(c)),
    };
    let quoted = |kind: &str| format!("\"{kind}{}\"", name.chars().map(escaped).collect::<String>());
    let [vpc, subnet, gateway, zone, host, connection] = ["v", "s", "g", "z", "h", "c"].map(quoted);
    format!(
        "vpcs: [{{name: {vpc}, cidr_block: 10.0.0.0/16, internet_gateway: {gateway}}}]
subnets: [{{name: {subnet}, cidr_block: 10.0.0.0/24, availability_zone_id: {zone}, route_table: {subnet}}}]
route_tables: [{{name: {subnet}, routes: [{{destination_cidr_block: 0.0.0.0/0, gateway_id: {gateway}}}]}}]
instances: [{{name: {host}, subnet: {subnet}, private_ip: 10.0.0.10, public_ip: 198.51.100.1}}]
connections: [{{name: {connection}, from: {host}, to: 203.0.113.9, tcp: 22}}]
"
    )
}

fn harmless(text: &str) -> bool {
    let forbidden = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2028}\u{ffff}\u{fffe}".contains(c);
    !text.contains(forbidden)
}

#[test]
fn names_stay_texts_of_the_svg() {
    let known = ["svg", "title", "style", "rect", "text", "g", "polyline", "polygon", "circle"];
    for name in NAMES {
        let scenario = scenario(&network(name));
        let svg = with_way(&scenario, 0).svg();
        assert!(harmless(&svg), "{name:?}");
        let elements = elements(&svg);
        for element in &elements {
            assert!(known.contains(&element.name.as_str()), "{name:?} becomes {element:?}");
            assert!(!element.attributes.keys().any(|key| key.starts_with("on")), "{name:?}: {element:?}");
        }
        // What a reader sees is the name itself, as far as it can be shown.
        let shown =
            flowcast::diagnostic::escape(&format!("h{name}")).replace(['\u{ffff}', '\u{fffe}'], "\u{fffd}");
        let begin = shown.chars().take(12).collect::<String>();
        assert!(elements.iter().any(|element| element.text.starts_with(&begin)), "{name:?} is not shown");
    }
}

/// Quoted texts of a line, and what stands outside of them.
fn split_quotes(line: &str, escapes: bool) -> (Vec<String>, String) {
    let (mut quoted, mut outside) = (Vec::new(), String::new());
    let mut within: Option<String> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (&mut within, c) {
            (Some(text), '\\') if escapes => text.extend([c, chars.next().unwrap()]),
            (Some(_), '"') => quoted.extend(within.take()),
            (Some(text), c) => text.push(c),
            (None, '"') => within = Some(String::new()),
            (None, c) => outside.push(c),
        }
    }
    assert_eq!(within, None, "a quote does not end: {line}");
    (quoted, outside)
}

/// The statements without their texts are those of the same network with harmless names.
#[test]
fn names_stay_within_quotes() {
    let plain = scenario(&network("plain"));
    let plain = with_way(&plain, 0);
    let outside = |text: &str, escapes: bool| -> Vec<String> {
        text.lines().map(|line| split_quotes(line, escapes).1).collect()
    };
    for name in NAMES {
        let scenario = scenario(&network(name));
        let graph = with_way(&scenario, 0);
        let (dot, mermaid) = (graph.dot(), graph.mermaid());
        assert_eq!(outside(&dot, true), outside(&plain.dot(), true), "{name:?}");
        assert_eq!(outside(&mermaid, false), outside(&plain.mermaid(), false), "{name:?}");
        assert!(harmless(&mermaid), "{name:?}");
        assert!(
            !dot.replace("&amp;", "").contains('&'),
            "{name:?}: Graphviz reads characters by their names"
        );
        for text in mermaid.lines().flat_map(|line| split_quotes(line, false).0) {
            let text = text.replace("<br/>", "");
            assert!(!text.contains(['<', '>', '`', '&', '"', '|', '%']), "{name:?}: {text}");
        }
    }
}
