//! The graph in the language of Graphviz: nodes and edges by petgraph, boxes around them by us.

use std::fmt::{self, Write as _};

use petgraph::dot::{Config, Dot, RankDir};
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::label::at_edge;
use super::{Edge, Graph, Hop, Node};
use crate::model::LegKind;

/// A text in several lines, as petgraph escapes it: it knows no ampersands, which Graphviz reads as those of HTML.
struct Text(String);

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.replace('&', "&amp;"))
    }
}

impl Graph<'_> {
    /// The graph for Graphviz: `dot -Tsvg`.
    pub fn dot(&self) -> String {
        let texts = self.inner.map(|_, node| Text(self.node_text(node)), |_, edge| Text(edge_text(edge)));
        let node = |index: NodeIndex| self.inner.node_weight(index).map(|node| self.node_style(node));
        let node = |_, (index, _): (NodeIndex, &Text)| node(index).unwrap_or_default();
        let edge = |_, edge: petgraph::graph::EdgeReference<'_, Text>| self.edge_style(edge.id());
        let config = [Config::GraphContentOnly, Config::RankDir(RankDir::LR)];
        let content = Dot::with_attr_getters(&texts, &config, &edge, &node);
        format!("digraph {{\n{HEAD}{}{}{content}}}\n", self.caption_line(), self.boxes())
    }

    fn caption_line(&self) -> String {
        if self.caption.is_empty() {
            return String::new();
        }
        let lines: String = self.caption.iter().map(|caption| escape(&caption.line()) + "\\l").collect();
        format!("    label=\"{lines}\"\n")
    }

    /// A box for each VPC, and in it one for each zone.
    fn boxes(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        for (position, of) in self.vpc_boxes().iter().enumerate() {
            let title: String = of.label.lines().map(|line| escape(line) + "\\l").collect();
            let _ = writeln!(text, "    subgraph cluster_{position} {{\n        label=\"{title}\"");
            for (zone, (name, nodes)) in of.zones.iter().enumerate() {
                let (name, nodes) = (escape(name), list(nodes));
                let _ = writeln!(
                    text,
                    "        subgraph cluster_{position}_{zone} {{ label=\"{name}\" style=dashed {nodes} }}"
                );
            }
            let _ = writeln!(text, "        {}\n    }}", list(&of.nodes));
        }
        text
    }

    /// The lines of a node, each of them with its end, so that all are left-aligned.
    fn node_text(&self, node: &Node) -> String {
        let label = self.label(node);
        let silent = match node {
            Node::Subnet(subnet) => self.silent_routes(*subnet),
            _ => Vec::new(),
        };
        label.lines().chain(silent.iter().map(String::as_str)).flat_map(|line| [line, "\n"]).collect()
    }

    fn node_style(&self, node: &Node) -> String {
        match node {
            // Only there for edges to begin at: its box shows it.
            Node::Vpc(_) => "shape=point style=invis".to_owned(),
            Node::Subnet(subnet) if self.network.is_public(*subnet) => {
                "color=\"#2e8b57\" penwidth=2".to_owned()
            }
            Node::Subnet(_) => "color=\"#4a7ab5\" penwidth=2".to_owned(),
            Node::Gateway(_) => "style=\"rounded,filled\" fillcolor=\"#efe6f7\"".to_owned(),
            Node::NetworkInterface(_) | Node::Service(..) => "style=rounded".to_owned(),
            Node::NotCollected(_) => "style=dashed".to_owned(),
            Node::Internet | Node::CustomerNetwork(_) | Node::ServiceBehind(_) => "shape=ellipse".to_owned(),
            Node::Nowhere(..) => "shape=plaintext fontcolor=\"#c62828\"".to_owned(),
        }
    }

    fn edge_style(&self, index: petgraph::graph::EdgeIndex) -> String {
        let Some(edge) = self.inner.edge_weight(index) else { return String::new() };
        match edge {
            Edge::Routes(_) => "color=\"#808080\"".to_owned(),
            Edge::Holds => "style=dotted arrowhead=none constraint=false".to_owned(),
            Edge::Attachment => {
                let tail =
                    self.inner.edge_endpoints(index).and_then(|(tail, _)| self.inner.node_weight(tail));
                let tail = match tail {
                    Some(Node::Vpc(vpc)) => format!(" ltail=cluster_{}", vpc.position()),
                    _ => String::new(),
                };
                format!("arrowhead=none{tail}")
            }
            Edge::Hop(hop) => {
                let colour = if hop.leg == LegKind::Forward { "#1565c0" } else { "#ad5700" };
                let style = if hop.goes_through() { "bold" } else { "dashed" };
                format!("color=\"{colour}\" fontcolor=\"{colour}\" penwidth=2 style={style}")
            }
        }
    }
}

/// What is set for everything.
const HEAD: &str = "    compound=true labeljust=l labelloc=t fontname=\"sans-serif\"
    node [fontname=\"sans-serif\" shape=box]
    edge [fontname=\"sans-serif\"]
";

fn edge_text(edge: &Edge) -> String {
    match edge {
        Edge::Routes(destinations) => at_edge(destinations) + "\n",
        Edge::Attachment | Edge::Holds => String::new(),
        Edge::Hop(hop) => hop_text(hop),
    }
}

/// `request, X 1`.
pub(super) fn hop_text(hop: &Hop) -> String {
    let sign = |number: usize| format!("X {number}");
    let marks = hop.marks.iter().map(|mark| mark.number.map_or_else(|| mark.sign(), sign));
    std::iter::once(hop.leg.name().to_owned()).chain(marks).collect::<Vec<_>>().join(", ")
}

/// Nodes as the statements that put them into a box.
fn list(nodes: &[NodeIndex]) -> String {
    nodes.iter().map(|node| format!("{};", node.index())).collect::<Vec<_>>().join(" ")
}

/// A text between quotes.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_escapes_stay_within_their_text() {
        assert_eq!(escape("a\"]; b\\l &lt;"), "a\\\"]; b\\\\l &amp;lt;");
    }
}
