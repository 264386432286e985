//! The page of a report: plain HTML that prints well, with everything inside.

use super::is_of_a_person;
use twin_insight::AlarmEvent;
use twin_model::{Plant, TwinTime};
use twin_runtime::Mark;

/// Fonts and sizes for a screen and for paper.
const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;color:#1d2430;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}p.sub{color:#5b6573;margin:.2rem 0 1.5rem}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .6rem .25rem 0;border-bottom:1px solid #dde2e8;vertical-align:top}
th{font-weight:600;color:#5b6573}td.t{white-space:nowrap;font-variant-numeric:tabular-nums}figure{margin:1rem 0;break-inside:avoid}
figcaption{color:#5b6573;font-size:.9rem}img{width:100%;border:1px solid #dde2e8}svg{width:100%;height:auto}
.p1{font-weight:700}@media print{body{margin:0}}";

/// A page that grows.
pub struct Page {
    text: String,
}

impl Page {
    /// A page with its title.
    pub fn new(title: &str, plant: &str, from: TwinTime, to: TwinTime) -> Self {
        let title = escaped(title);
        let head = format!(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>\n<h1>{title}</h1>\n<p class=\"sub\">{}, {} {} to {} {} UTC</p>\n",
            escaped(plant),
            from.date_text(),
            from.clock_text(),
            to.date_text(),
            to.clock_text()
        );
        Self { text: head }
    }

    /// A picture, PNG.
    pub fn picture(&mut self, words: &str, time: TwinTime, png: &[u8]) {
        self.text.push_str(&format!(
            "<figure><img alt=\"{words}\" src=\"data:image/png;base64,{}\"><figcaption>{words}, {}</figcaption></figure>\n",
            base64(png),
            time.clock_text()
        ));
    }

    /// The alarms that people were shown, in order.
    pub fn alarms(&mut self, plant: &Plant, events: &[&AlarmEvent]) {
        self.text.push_str("<h2>Alarms</h2>\n");
        if events.is_empty() {
            self.text.push_str("<p>None.</p>\n");
            return;
        }
        self.text.push_str("<table><tr><th>Time<th>Tag<th>Priority<th>What<th>Message\n");
        for event in events {
            let Some(alarm) = plant.alarms.get(event.alarm).map(|alarm| &alarm.settings) else { continue };
            let priority = alarm.priority.map_or_else(|| "–".to_owned(), |priority| priority.to_string());
            self.text.push_str(&format!(
                "<tr class=\"p{priority}\"><td class=\"t\">{}<td>{}<td>{priority}<td>{}<td>{}\n",
                event.time.clock_text(),
                escaped(&alarm.tag),
                escaped(&format!("{:?}", event.kind)),
                escaped(&alarm.message)
            ));
        }
        self.text.push_str("</table>\n");
    }

    /// A trend, drawn.
    pub fn trend(&mut self, svg: &str) {
        self.text.push_str(&format!("<figure>{svg}</figure>\n"));
    }

    /// What people did and wrote, and where nothing was recorded.
    pub fn marks(&mut self, marks: &[Mark]) {
        for (title, wanted) in [("What was done and noted", true), ("Where nothing was recorded", false)] {
            let rows: Vec<&Mark> = marks.iter().filter(|mark| is_of_a_person(mark) == wanted).collect();
            if rows.is_empty() {
                continue;
            }
            self.text.push_str(&format!("<h2>{title}</h2>\n<table><tr><th>From<th>To<th>Who<th>What\n"));
            for mark in rows {
                self.text.push_str(&format!(
                    "<tr><td class=\"t\">{}<td class=\"t\">{}<td>{}<td>{}\n",
                    mark.from.clock_text(),
                    mark.to.clock_text(),
                    escaped(&mark.author),
                    escaped(&mark.text)
                ));
            }
            self.text.push_str("</table>\n");
        }
    }

    /// The whole page.
    pub fn finish(mut self) -> String {
        self.text.push_str("</html>\n");
        self.text
    }
}

/// Text that means nothing to HTML.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

/// Base 64 of RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let word = group.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let is_padding = place > group.len();
            let index = (word >> (18 - 6 * place)) & 63;
            out.push(if is_padding { '=' } else { char::from(ALPHABET[index as usize]) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_64_is_that_of_rfc_4648() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn names_from_a_plant_are_text_and_never_html() {
        assert_eq!(escaped("<b>\"A\" & B</b>"), "&lt;b&gt;&quot;A&quot; &amp; B&lt;/b&gt;");
    }
}
