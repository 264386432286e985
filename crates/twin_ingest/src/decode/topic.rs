//! Topic templates: `unit100/+/{thing}/{tag}`.

/// A template cut into levels.
#[derive(Clone, Debug)]
pub(crate) struct TopicTemplate {
    levels: Vec<Level>,
}

#[derive(Clone, Debug)]
enum Level {
    Exact(String),
    Any,
    /// `#`: this and every deeper level.
    Rest,
    /// A placeholder, perhaps with text around it: `dev-{thing}`.
    Named {
        before: String,
        name: Name,
        after: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Name {
    Thing,
    Tag,
    Telemetry,
}

/// What a topic says where the template has placeholders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Captured<'a> {
    pub thing: Option<&'a str>,
    pub tag: Option<&'a str>,
    pub telemetry: Option<&'a str>,
    /// The level at the first `+`: the session.
    pub session: Option<&'a str>,
}

impl TopicTemplate {
    pub fn parse(text: &str) -> Self {
        Self { levels: text.split('/').map(Level::parse).collect() }
    }

    /// The MQTT filter that delivers every topic of the template.
    pub fn filter(&self) -> String {
        let levels: Vec<&str> = self
            .levels
            .iter()
            .map(|level| match level {
                Level::Exact(text) => text.as_str(),
                Level::Any | Level::Named { .. } => "+",
                Level::Rest => "#",
            })
            .collect();
        levels.join("/")
    }

    /// True when it names one topic only.
    pub fn is_exact(&self) -> bool {
        self.levels.iter().all(|level| matches!(level, Level::Exact(_)))
    }

    /// True when nothing in it says which signal a topic carries.
    pub fn names_no_signal(&self) -> bool {
        !self.levels.iter().any(|level| matches!(level, Level::Named { name: Name::Tag | Name::Telemetry, .. }))
    }

    /// Fills placeholders with the names of one signal; wildcards stay.
    pub fn filled(&self, thing: &str, tag: &str, telemetry: &str) -> Self {
        let levels = self
            .levels
            .iter()
            .map(|level| match level {
                Level::Named { before, name, after } => {
                    let middle = match name {
                        Name::Thing => thing,
                        Name::Tag => tag,
                        Name::Telemetry => telemetry,
                    };
                    Level::Exact(format!("{before}{middle}{after}"))
                }
                other => other.clone(),
            })
            .collect();
        Self { levels }
    }

    /// The topic of one signal as a session of the plant would write it: the session stands at the first `+` and at every
    /// further one; what `#` allows is left out.
    pub fn topic(&self, thing: &str, tag: &str, telemetry: &str, session: &str) -> String {
        let levels: Vec<String> = self
            .filled(thing, tag, telemetry)
            .levels
            .into_iter()
            .filter_map(|level| match level {
                Level::Exact(text) => Some(text),
                Level::Any => Some(session.to_owned()),
                Level::Rest | Level::Named { .. } => None,
            })
            .collect();
        levels.join("/")
    }

    /// What the topic says at the placeholders, or `None` when it does not fit.
    pub fn matches<'a>(&self, topic: &'a str) -> Option<Captured<'a>> {
        let mut captured = Captured::default();
        let mut parts = topic.split('/');
        for level in &self.levels {
            if matches!(level, Level::Rest) {
                return Some(captured);
            }
            level.read(parts.next()?, &mut captured)?;
        }
        parts.next().is_none().then_some(captured)
    }
}

impl Level {
    fn parse(text: &str) -> Self {
        match text {
            "+" => return Self::Any,
            "#" => return Self::Rest,
            _ => {}
        }
        for (mark, name) in [("{thing}", Name::Thing), ("{tag}", Name::Tag), ("{telemetry}", Name::Telemetry)] {
            if let Some((before, after)) = text.split_once(mark) {
                return Self::Named { before: before.to_owned(), name, after: after.to_owned() };
            }
        }
        Self::Exact(text.to_owned())
    }

    fn read<'a>(&self, part: &'a str, captured: &mut Captured<'a>) -> Option<()> {
        match self {
            Self::Exact(text) => (text == part).then_some(()),
            Self::Any | Self::Rest => {
                captured.session.get_or_insert(part);
                Some(())
            }
            Self::Named { before, name, after } => {
                let inner = part.strip_prefix(before.as_str())?.strip_suffix(after.as_str())?;
                let slot = match name {
                    Name::Thing => &mut captured.thing,
                    Name::Tag => &mut captured.tag,
                    Name::Telemetry => &mut captured.telemetry,
                };
                *slot = Some(inner);
                (!inner.is_empty()).then_some(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_names_thing_tag_and_session() {
        let template = TopicTemplate::parse("unit100/+/{thing}/{tag}");
        assert_eq!(template.filter(), "unit100/+/+/+");
        let captured = template.matches("unit100/gw-100/p-101a/TT-111A").unwrap();
        assert_eq!((captured.session, captured.thing, captured.tag), (Some("gw-100"), Some("p-101a"), Some("TT-111A")));
        for other in ["unit100/gw-100/p-101a", "unit100/gw-100/p-101a/TT-111A/x", "unit200/gw-100/p-101a/TT-111A", "unit100/g//TT"] {
            assert_eq!(template.matches(other), None, "{other}");
        }
        assert_eq!(TopicTemplate::parse("a/dev-{tag}.v/#").matches("a/dev-T1.v/x/y").unwrap().tag, Some("T1"));
    }
}
