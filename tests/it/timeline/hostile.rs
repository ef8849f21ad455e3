//! Names that would be markup or commands of a terminal, if they were not escaped.

use flowcast::chronicle::Chronicle;

use super::{ALL, out, scenario};
use crate::graph::drawing::elements;

const NAMES: &[&str] = &[
    "</title><script>alert(1)</script>",
    "' onload='alert(1)",
    "]]> &amp; &#x202e;",
    "\u{1b}[31m\u{202e}\u{2028}",
    "two\nlines\rand\u{0}none",
    "\u{ffff}\u{fffe}",
    "網路網路網路網路網路網路網路網路網路網路",
];

/// A connection and an event with a hostile name.
fn scenario_with(name: &str) -> String {
    let escaped = |c: char| match c {
        ' '..='~' if !"\"\\".contains(c) => c.to_string(),
        c => format!("\\u{:04x}", u32::from(c)),
    };
    let [title, group, event, connection] = ["t", "g", "e", "c"]
        .map(|kind| format!("\"{kind}{}\"", name.chars().map(escaped).collect::<String>()));
    format!(
        "scenario: {title}
vpcs: [{{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}}]
subnets: [{{name: public, vpc: lab, cidr_block: 10.0.0.0/24, routes: [0.0.0.0/0 -> igw]}}]
security_groups: [{{name: {group}, ingress: [allow tcp 22 from 0.0.0.0/0], egress: [allow all to 0.0.0.0/0]}}]
instances: [{{name: web, subnet: public, security_groups: [{group}], private_ip: 10.0.0.10, public_ip: 198.51.100.1}}]
connections:
  - name: {connection}
    from: 203.0.113.9
    to: web
    tcp: 22
    bursts: [{{leg: request, at: 0s, until: 90s, packets: 10, bytes: 400}}]
events: [{{at: 40s, name: {event}, remove: {{security_groups: [{{name: {group}, ingress: [allow tcp 22]}}]}}}}]
"
    )
}

#[test]
fn names_stay_texts() {
    let known = ["svg", "title", "style", "rect", "text", "g", "polyline", "polygon", "circle"];
    let folder = tempfile::tempdir().unwrap();
    for name in NAMES {
        let text = scenario_with(name);
        let scenario = scenario(&text);
        let report = scenario.run();
        let chronicle = Chronicle::of(&report, ALL);
        assert_eq!(chronicle.flips.len(), 1, "{name:?}");
        let forbidden =
            |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2028}\u{ffff}\u{fffe}".contains(c);
        let svg = chronicle.svg();
        assert!(!svg.contains(forbidden), "{name:?}");
        for element in elements(&svg) {
            assert!(known.contains(&element.name.as_str()), "{name:?} becomes {element:?}");
            assert!(!element.attributes.keys().any(|key| key.starts_with("on")), "{name:?}: {element:?}");
        }
        let path = folder.path().join("hostile.yaml");
        std::fs::write(&path, &text).unwrap();
        for output in ["text", "json"] {
            let printed = out(&["timeline", path.to_str().unwrap(), "--output", output]);
            let moves = |c: char| c.is_control() && c != '\n' || "\u{202e}\u{2028}".contains(c);
            assert!(!printed.contains(moves), "{name:?}: {printed}");
        }
    }
}

/// Every drawing of every scenario is well-formed, and nothing is beside the page.
#[test]
fn drawings_are_well_formed() {
    for path in crate::shapes::files_below("scenarios", "yaml") {
        let scenario = flowcast::Scenario::load(&path).unwrap();
        let report = scenario.run();
        let elements = elements(&Chronicle::of(&report, ALL).svg());
        let number = |element: &crate::graph::drawing::Element, key: &str| {
            element.attributes.get(key).map_or(0, |value| value.parse::<i32>().unwrap())
        };
        let [width, height] = ["width", "height"].map(|key| number(&elements[0], key));
        for element in
            elements.iter().filter(|element| ["rect", "text", "circle"].contains(&element.name.as_str()))
        {
            let (x, y) = (number(element, "x"), number(element, "y"));
            let (right, bottom) = (x + number(element, "width"), y + number(element, "height"));
            let is_within = x >= 0 && y >= 0 && right <= width && bottom <= height;
            assert!(is_within, "{}: {element:?}", path.display());
        }
    }
}
