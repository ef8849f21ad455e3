//! The graph as a Mermaid flowchart, which forges draw in pages of their own.

use std::fmt::Write as _;

use petgraph::graph::NodeIndex;

use super::dot::hop_text;
use super::label::at_edge;
use super::{Edge, Graph, Node};
use crate::model::LegKind;

impl Graph<'_> {
    /// The graph as a Mermaid flowchart.
    pub fn mermaid(&self) -> String {
        let mut text = "flowchart LR\n".to_owned();
        if !self.caption.is_empty() {
            let caption: Vec<String> = self.caption.iter().map(super::Caption::line).collect();
            let _ = writeln!(text, "caption[\"{}\"]:::caption", lines(caption.iter().map(String::as_str)));
        }
        let boxes = self.vpc_boxes();
        for (position, of) in boxes.iter().enumerate() {
            let _ = writeln!(text, "subgraph v{position}[\"{}\"]", lines(of.label.lines()));
            for (zone, (name, nodes)) in of.zones.iter().enumerate() {
                let _ = writeln!(text, "  subgraph v{position}z{zone}[\"{}\"]", escape(name));
                self.node_lines(&mut text, "    ", nodes);
                text.push_str("  end\n");
            }
            self.node_lines(&mut text, "  ", &of.nodes);
            text.push_str("end\n");
        }
        for (index, _) in self.nodes().filter(|(_, node)| self.home(node) == super::Home::Outside) {
            self.node_line(&mut text, "", index);
        }
        self.edge_lines(&mut text);
        text.push_str(CLASSES);
        text
    }

    fn node_lines(&self, text: &mut String, indent: &str, nodes: &[NodeIndex]) {
        for node in nodes {
            self.node_line(text, indent, *node);
        }
    }

    fn node_line(&self, text: &mut String, indent: &str, index: NodeIndex) {
        let Some(node) = self.inner.node_weight(index) else { return };
        let label = self.label(node);
        let silent = match node {
            Node::Subnet(subnet) => self.silent_routes(*subnet),
            _ => Vec::new(),
        };
        let label = lines(label.lines().chain(silent.iter().map(String::as_str)));
        let (open, close, class) = match node {
            Node::Vpc(_) => return, // its box stands for it
            Node::Subnet(subnet) if self.network.is_public(*subnet) => ("[", "]", "public"),
            Node::Subnet(_) => ("[", "]", "subnet"),
            Node::Gateway(_) => ("{{", "}}", "gateway"),
            Node::NetworkInterface(_) | Node::Service(..) => ("(", ")", "interface"),
            Node::NotCollected(_) => ("[", "]", "open"),
            Node::Internet | Node::CustomerNetwork(_) | Node::ServiceBehind(_) => ("([", "])", "gateway"),
            Node::Nowhere(..) => ("[", "]", "stop"),
        };
        let _ = writeln!(text, "{indent}{}{open}\"{label}\"{close}:::{class}", name(index));
    }

    fn edge_lines(&self, text: &mut String) {
        let end = |index: NodeIndex| match self.inner.node_weight(index) {
            Some(Node::Vpc(vpc)) => format!("v{}", vpc.position()),
            _ => name(index),
        };
        let mut hops = [const { Vec::<String>::new() }; 2];
        for (position, (from, to, edge)) in self.edges().enumerate() {
            let (from, to) = (end(from), end(to));
            let _ = match edge {
                Edge::Routes(destinations) => {
                    let label = lines(at_edge(destinations).lines());
                    writeln!(text, "{from} -->|\"{label}\"| {to}")
                }
                Edge::Attachment => writeln!(text, "{from} --- {to}"),
                Edge::Holds => writeln!(text, "{from} -.- {to}"),
                Edge::Hop(hop) => {
                    let [request, reply] = &mut hops;
                    let of_leg = if hop.leg == LegKind::Forward { request } else { reply };
                    of_leg.push(position.to_string());
                    let arrow = if hop.goes_through() { "==>" } else { "-.->" };
                    writeln!(text, "{from} {arrow}|\"{}\"| {to}", escape(&hop_text(hop)))
                }
            };
        }
        for (hops, colour) in hops.iter().zip(["#1e88e5", "#e07b00"]).filter(|(hops, _)| !hops.is_empty()) {
            let _ = writeln!(text, "linkStyle {} stroke:{colour},stroke-width:3px", hops.join(","));
        }
    }
}

/// Borders alone, so that it reads on light pages and on dark ones.
const CLASSES: &str = "\
classDef public stroke:#2e8b57,stroke-width:2px
classDef subnet stroke:#4a7ab5,stroke-width:2px
classDef gateway stroke:#8e5bb5,stroke-width:2px
classDef interface stroke:#808080
classDef open stroke:#808080,stroke-dasharray:4 3
classDef caption text-align:left
classDef stop stroke:#d32f2f,stroke-width:2px
";

fn name(index: NodeIndex) -> String {
    format!("n{}", index.index())
}

fn lines<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.map(escape).collect::<Vec<_>>().join("<br/>")
}

/// A text between quotes: what is no letter, digit or harmless sign stands as its number. A backtick would begin
/// Markdown, `<` markup, `#` and `&` a character by its number.
fn escape(text: &str) -> String {
    let harmless = |c: char| c.is_alphanumeric() || " .,:/()+-_→".contains(c);
    text.chars().fold(String::with_capacity(text.len()), |mut safe, c| {
        if harmless(c) {
            safe.push(c);
        } else {
            let _ = write!(safe, "#{};", u32::from(c));
        }
        safe
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_label_but_we() {
        assert_eq!(escape("a\"]<b>`#35;"), "a#34;#93;#60;b#62;#96;#35;35#59;");
        assert_eq!(escape("größe 10.0.0.0/16"), "größe 10.0.0.0/16");
    }
}
