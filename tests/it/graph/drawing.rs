//! The SVG as a reader of XML sees it: well-formed, nothing beside its page, no box over another.

use std::collections::BTreeMap;

use flowcast::graph::Graph;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::{BEYOND, HOSTS, PLACES, each, many, scenario, with_way};

/// An element with its attributes and the text within.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) text: String,
}

impl Element {
    fn class(&self) -> &str {
        self.attributes.get("class").map_or("", String::as_str)
    }

    fn number(&self, name: &str) -> i32 {
        self.attributes[name].parse().unwrap()
    }

    fn rect(&self) -> [i32; 4] {
        let (x, y) = (self.number("x"), self.number("y"));
        [x, y, x + self.number("width"), y + self.number("height")]
    }

    fn points(&self) -> Vec<(i32, i32)> {
        let pairs = self.attributes["points"].split(' ').map(|pair| pair.split_once(',').unwrap());
        pairs.map(|(x, y)| (x.parse().unwrap(), y.parse().unwrap())).collect()
    }
}

/// Every element of an SVG, in order; panics where it is not well-formed.
pub(crate) fn elements(svg: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}\n{svg}"));
        match event {
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.unwrap();
                    let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                    (key, String::from_utf8(attribute.value.to_vec()).unwrap())
                });
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                elements.push(Element { name, attributes: attributes.collect(), text: String::new() });
                if matches!(event, Event::Start(_)) {
                    open.push(elements.len() - 1);
                }
            }
            Event::End(_) => {
                open.pop().unwrap();
            }
            Event::Text(text) => {
                if let Some(element) = open.last() {
                    elements[*element].text += &text.decode().unwrap();
                }
            }
            Event::GeneralRef(reference) => {
                let name = reference.decode().unwrap();
                let character = quick_xml::escape::resolve_predefined_entity(&name).map(ToOwned::to_owned);
                let character =
                    character.unwrap_or_else(|| reference.resolve_char_ref().unwrap().unwrap().to_string());
                elements[*open.last().unwrap()].text += &character;
            }
            Event::Eof => break,
            other => panic!("an SVG of ours has no {other:?}"),
        }
    }
    assert!(open.is_empty());
    elements
}

fn overlap(a: [i32; 4], b: [i32; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// Boxes of the same kind stand apart, all are on the page, and lines run beside subnets, but for their last stretch.
fn check(name: &str, svg: &str) {
    let elements = elements(svg);
    let page = [0, 0, elements[0].number("width"), elements[0].number("height")];
    let rects = |class: &str| -> Vec<[i32; 4]> {
        let of_class = elements
            .iter()
            .filter(|element| element.name == "rect" && element.class().split(' ').next() == Some(class));
        of_class.map(Element::rect).collect()
    };
    for class in ["vpc", "zone", "subnet", "chip"] {
        let rects = rects(class);
        for (position, rect) in rects.iter().enumerate() {
            let inside = rect[0] >= 0 && rect[1] >= 0 && rect[2] <= page[2] && rect[3] <= page[3];
            assert!(inside, "{name}: {rect:?} of {class} is not on the page {page:?}");
            for other in &rects[position + 1..] {
                assert!(!overlap(*rect, *other), "{name}: {rect:?} and {other:?} of {class} overlap");
            }
        }
    }
    let subnets = rects("subnet");
    for line in elements.iter().filter(|element| element.name == "polyline").map(Element::points) {
        for (x, y) in &line {
            assert!(
                (0..=page[2]).contains(x) && (0..=page[3]).contains(y),
                "{name}: {line:?} leaves the page"
            );
        }
        for pair in line.windows(2).skip(1).rev().skip(1) {
            let ((a, b), (c, d)) = (pair[0], pair[1]);
            let stretch = [a.min(c), b.min(d), a.max(c) + 1, b.max(d) + 1];
            let crossed = subnets.iter().find(|subnet| overlap(**subnet, stretch));
            assert_eq!(crossed, None, "{name}: {line:?} crosses a subnet");
        }
    }
}

#[test]
fn scenarios_are_drawn_without_overlaps() {
    each(|name, _, _, graph| check(name, &graph.svg()));
    let scenario = scenario(PLACES);
    check("places", &Graph::of(&scenario.network).svg());
    check("places", &with_way(&scenario, 0).svg());
    let scenario = super::scenario(BEYOND);
    for position in 0..scenario.connections.len() {
        check("beyond", &with_way(&scenario, position).svg());
    }
}

/// Five hundred subnets, in many VPCs and in one.
#[test]
fn large_networks_are_drawn_without_overlaps() {
    for (vpcs, subnets) in [(25, 20), (1, 200), (200, 1), (3, 8)] {
        let hosts = if subnets > 7 { HOSTS } else { "" };
        let scenario = scenario(&(many(vpcs, subnets) + hosts));
        check("many", &Graph::of(&scenario.network).svg());
        for position in 0..scenario.connections.len() {
            let svg = with_way(&scenario, position).svg();
            check("many", &svg);
            assert!(svg.contains("<polygon class=\"request\""), "the way is not drawn");
        }
    }
}

/// A page of agreeable shape, however many subnets there are.
#[test]
fn pages_are_no_ribbons() {
    for (vpcs, subnets) in [(25, 20), (1, 200), (100, 2)] {
        let scenario = scenario(&many(vpcs, subnets));
        let elements = elements(&Graph::of(&scenario.network).svg());
        let (width, height) = (elements[0].number("width"), elements[0].number("height"));
        assert!(width < 3 * height && height < 3 * width, "{vpcs} of {subnets}: {width} by {height}");
    }
}

#[test]
fn the_same_network_gives_the_same_bytes() {
    let (one, other) = (scenario(PLACES), scenario(PLACES));
    let (one, other) = (with_way(&one, 0), with_way(&other, 0));
    assert_eq!(one.svg(), other.svg());
    assert_eq!(one.dot(), other.dot());
    assert_eq!(one.mermaid(), other.mermaid());
}
