//! The graph as an SVG that stands for itself: it needs no program and no font of its own, is as large as it has to be,
//! and follows the page it is shown on from light to dark.

mod arrange;
mod hops;
mod layout;
mod lines;
mod measure;
mod style;

use self::layout::{
    CHANNEL, Chip, LINE, Layout, MARGIN, MOST_ROUTES, PADDING, ROUTE_COLUMNS, SUBNET_WIDTH, SubnetBox,
    TITLE_WIDTH, VpcBox,
};
use self::lines::Lines;
use self::style::{GATEWAY_COLOURS, STYLE};
use super::{Caption, CaptionKind, Edge, Graph, Node};
use crate::model::{GATEWAY_KINDS, Gateway, Identity, Index, RouteTarget};
use crate::svg::{Canvas, Font, Point, fit, wrapped};

/// Pixels of a line of the caption, and of a column of its font.
const CAPTION_LINE: i32 = 19;
const CAPTION_COLUMN: i32 = 7;

impl Graph<'_> {
    /// The graph as an SVG.
    pub fn svg(&self) -> String {
        let layout = layout::layout(self);
        let caption = self.caption_lines(&layout);
        let lines = i32::try_from(caption.len()).unwrap_or(0);
        let height = layout.height + MARGIN + CAPTION_LINE * lines;
        let width = layout.width;
        let mut canvas = Canvas::page(width, height, &self.title(), STYLE);
        for vpc in &layout.vpcs {
            self.vpc(&mut canvas, vpc);
        }
        let lines = Lines::new(&layout);
        self.attachments(&mut canvas, &layout, &lines);
        for chip in layout.vpcs.iter().flat_map(|vpc| &vpc.chips).chain(&layout.band).chain(&layout.beyond) {
            self.chip(&mut canvas, chip);
        }
        hops::draw(self, &mut canvas, &lines);
        draw_caption(&mut canvas, &caption, layout.height + MARGIN / 2);
        canvas.into_text()
    }

    fn title(&self) -> String {
        let first = self.caption.first().map(|caption| caption.text.clone());
        first.unwrap_or_else(|| "VPCs, subnets and gateways".to_owned())
    }

    fn vpc(&self, canvas: &mut Canvas, vpc: &VpcBox) {
        canvas.rect(vpc.rect, 8, "vpc");
        let name = Font::Head.fit(&vpc.label.name, TITLE_WIDTH);
        canvas.text(vpc.title(), "head", &name);
        let after = Font::Head.width(&name) + PADDING;
        let beside = Point { x: vpc.title().x + after, ..vpc.title() };
        canvas.text(beside, "detail", &Font::Detail.fit(&vpc.label.details.join(" "), TITLE_WIDTH));
        for zone in &vpc.zones {
            canvas.rect(zone.rect, 6, "zone");
            let at = Point { x: zone.rect.x + CHANNEL, y: zone.rect.y + 16 };
            canvas.text(at, "detail", &Font::Detail.fit(&zone.name, zone.rect.width - 2 * CHANNEL));
            zone.subnets.iter().for_each(|subnet| self.subnet(canvas, subnet));
        }
    }

    fn subnet(&self, canvas: &mut Canvas, of: &SubnetBox) {
        let network = self.network;
        let subnet = &network.subnets[of.subnet];
        let label = self.label(&Node::Subnet(of.subnet));
        let acl = &network.network_acls[subnet.network_acl].identity;
        let table = &network.route_tables[subnet.route_table].identity;
        let mut title = vec![named(&subnet.identity)];
        title.extend(label.details.iter().cloned());
        title.extend([format!("network ACL {}", named(acl)), format!("route table {}", named(table))]);
        title.extend(self.route_lines(of.subnet, usize::MAX).into_iter().map(|(_, line)| line));
        canvas.begin(&title);
        canvas.rect(of.rect, 4, if self.network.is_public(of.subnet) { "subnet public" } else { "subnet" });
        let x = of.rect.x + PADDING;
        let mut y = of.rect.y + 18;
        canvas.text(Point { x, y }, "name", &Font::Name.fit(&label.name, SUBNET_WIDTH - 2 * PADDING));
        y += 15;
        let count = match of.interfaces {
            0 => String::new(),
            1 => "1 interface".to_owned(),
            more => format!("{more} interfaces"),
        };
        let room = SUBNET_WIDTH - 3 * PADDING - Font::Detail.width(&count);
        canvas.text(Point { x, y }, "detail", &Font::Detail.fit(&label.details.join(" "), room));
        if !count.is_empty() {
            canvas.text(Point { x: of.rect.right() - PADDING, y }, "count", &count);
        }
        for (target, line) in of.routes.iter().take(MOST_ROUTES) {
            y += LINE;
            let class = if *target == RouteTarget::Blackhole { "route hole" } else { "route" };
            canvas.text(Point { x, y }, class, &fit(line, ROUTE_COLUMNS));
        }
        if let Some(more) = of.routes.len().checked_sub(MOST_ROUTES).filter(|more| *more > 0) {
            canvas.text(Point { x, y: y + LINE }, "route", &format!("and {more} more"));
        }
        canvas.end();
        of.chips.iter().for_each(|chip| self.chip(canvas, chip));
    }

    fn chip(&self, canvas: &mut Canvas, chip: &Chip) {
        let Some(node) = self.inner.node_weight(chip.node) else { return };
        let label = self.label(node);
        let (identity, class) = match node {
            Node::Gateway(gateway) => (Some(&self.network.gateways[*gateway].identity), self.class(*gateway)),
            Node::NetworkInterface(own) => {
                (Some(&self.network.network_interfaces[*own].identity), String::new())
            }
            Node::NotCollected(_) => (None, " loose".to_owned()),
            _ => (None, String::new()),
        };
        let details = match node {
            Node::Gateway(gateway) if chip.is_foot => format!("interface, {}", self.kind_name(*gateway)),
            _ => label.details.join(", "),
        };
        let name = identity.map_or_else(|| label.name.clone(), named);
        let title = [name, details.clone()];
        canvas.begin(if details.is_empty() { title.get(..1).unwrap_or_default() } else { &title });
        let radius = if matches!(node, Node::Gateway(_)) { 10 } else { 3 };
        canvas.rect(chip.rect, radius, &format!("chip{class}"));
        let room = chip.rect.width - 2 * PADDING;
        let x = chip.rect.x + PADDING;
        let first = if details.is_empty() { 22 } else { 15 };
        canvas.text(Point { x, y: chip.rect.y + first }, "name", &Font::Name.fit(&label.name, room));
        if !details.is_empty() {
            canvas.text(Point { x, y: chip.rect.y + 29 }, "detail", &Font::Detail.fit(&details, room));
        }
        canvas.end();
    }

    /// Classes of a gateway: the colour of its kind, and whether it is simulated.
    fn class(&self, gateway: Index<Gateway>) -> String {
        let entry = self.network.gateways[gateway].kind.entry();
        let position = GATEWAY_KINDS.iter().position(|other| other.kind == entry.kind).unwrap_or(0);
        let loose = if entry.modelled { "" } else { " loose" };
        format!(" gateway c{}{loose}", position % GATEWAY_COLOURS)
    }

    fn attachments(&self, canvas: &mut Canvas, layout: &Layout, lines: &Lines<'_>) {
        let below = layout
            .vpcs
            .iter()
            .flat_map(|vpc| vpc.attached.iter().filter_map(|gateway| lines.attachment(vpc, *gateway)));
        let attachments = self.edges().filter(|(.., edge)| **edge == Edge::Attachment);
        let above = attachments.filter_map(|(from, to, _)| lines.beyond(from, to));
        for line in below.chain(above) {
            canvas.polyline(&line, "attachment");
        }
    }

    /// The caption in lines that fit the page.
    fn caption_lines(&self, layout: &Layout) -> Vec<CaptionLine<'_>> {
        let most = usize::try_from((layout.width - 3 * MARGIN) / CAPTION_COLUMN).unwrap_or(0);
        let lines = self.caption.iter().flat_map(|Caption { kind, text }| {
            let lines = wrapped(text, most).into_iter().enumerate();
            lines.map(move |(position, text)| CaptionLine { kind, is_first: position == 0, text })
        });
        lines.collect()
    }
}

/// `web (i-0123456789abcdef0)`, or the id alone.
fn named(identity: &Identity) -> String {
    if identity.name == identity.id {
        identity.to_string()
    } else {
        format!("{identity} ({})", crate::diagnostic::escape(&identity.id))
    }
}

/// A line of the caption as it fits the page.
struct CaptionLine<'g> {
    kind: &'g CaptionKind,
    /// Whether what stands before it belongs here.
    is_first: bool,
    text: String,
}

fn draw_caption(canvas: &mut Canvas, lines: &[CaptionLine<'_>], top: i32) {
    let mut y = top;
    for CaptionLine { kind, is_first, text } in lines {
        y += CAPTION_LINE;
        if let CaptionKind::Title = kind {
            canvas.text(Point { x: MARGIN - 8, y }, "name", text);
            continue;
        }
        canvas.text(Point { x: MARGIN + 24, y }, "", text);
        match kind {
            CaptionKind::Leg(leg) if *is_first => {
                let ends = [Point { x: MARGIN - 8, y: y - 4 }, Point { x: MARGIN + 14, y: y - 4 }];
                canvas.polyline(&ends, leg.name());
            }
            CaptionKind::Mark(sign) if *is_first => canvas.mark(Point { x: MARGIN + 3, y: y - 4 }, sign),
            _ => {}
        }
    }
}
