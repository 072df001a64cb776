//! Calendars (RFC 5545).

use super::bytes::text;
use super::kind::{Kind, Reading};

/// Calendars.
pub(super) const KIND: Kind = Kind {
    flavors: &["ics_file"],
    media_type: "text/calendar",
    is: |head| head.opens("BEGIN:VCALENDAR"),
    read: |content, reading: &mut Reading<'_, '_>| reading.facts.calendar = Calendar::read(&text(content)),
};

/// Lines that are read of one calendar.
const LINES_MAX: usize = 50_000;
/// Components that are kept.
const COMPONENTS_MAX: usize = 1_000;

/// A calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Its own properties: the program that wrote it, its scale.
    pub properties: Vec<Property>,
    /// Its events, tasks and the like; alarms within them are left out.
    pub components: Vec<Component>,
}

/// An event, a task or the like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Component {
    /// What it is: `VEVENT`.
    pub kind: String,
    /// Its properties, in their order.
    pub properties: Vec<Property>,
}

/// A property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Property {
    /// Its name, upper case.
    pub name: String,
    /// Its parameters, names in upper case.
    pub parameters: Vec<(String, String)>,
    /// Its value as it stands, folded lines joined.
    pub value: String,
}

impl Calendar {
    /// Reads the first calendar of a text; `None` where there is none.
    pub fn read(text: &str) -> Option<Self> {
        let mut calendar = None::<Self>;
        let (mut open, mut within) = (None::<Component>, 0_usize);
        for line in unfolded(text) {
            let Some(property) = Property::read(&line) else { continue };
            let named = property.value.trim().to_ascii_uppercase();
            match (property.name.as_str(), &mut calendar) {
                ("BEGIN", None) if named == "VCALENDAR" => calendar = Some(Self::default()),
                (_, None) => {}
                ("BEGIN", Some(_)) if open.is_none() => open = Some(Component { kind: named, properties: Vec::new() }),
                ("BEGIN", Some(_)) => within += 1,
                ("END", Some(_)) if within > 0 => within -= 1,
                ("END", Some(calendar)) => match open.take() {
                    Some(component) if calendar.components.len() < COMPONENTS_MAX => calendar.components.push(component),
                    Some(_) => {}
                    None => break,
                },
                (_, Some(calendar)) => match &mut open {
                    Some(component) if within == 0 => component.properties.push(property),
                    Some(_) => {}
                    None => calendar.properties.push(property),
                },
            }
        }
        // What is cut short keeps what stands before the cut.
        if let (Some(calendar), Some(component)) = (&mut calendar, open) {
            calendar.components.push(component);
        }
        calendar
    }

    /// The value of one of its own properties.
    pub fn value(&self, name: &str) -> Option<String> {
        self.properties.iter().find(|property| property.name == name).map(Property::text)
    }
}

impl Component {
    /// The properties of a name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |property| property.name == name)
    }

    /// The value of the first property of a name, as text.
    pub fn value(&self, name: &str) -> Option<String> {
        self.all(name).next().map(Property::text)
    }
}

impl Property {
    fn read(line: &str) -> Option<Self> {
        let (head, value) = line.split_at(value_at(line)?);
        let mut parts = split_quoted(head);
        let name = parts.next()?.trim().to_ascii_uppercase();
        let parameters = parts.filter_map(|part| {
            let (name, value) = part.split_once('=')?;
            Some((name.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
        });
        Some(Self { name, parameters: parameters.collect(), value: value[1..].to_owned() })
    }

    /// The value of a parameter.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value with its escapes resolved (RFC 5545 §3.3.11).
    pub fn text(&self) -> String {
        let (mut out, mut chars) = (String::with_capacity(self.value.len()), self.value.chars());
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some('n' | 'N') => out.push('\n'),
                    Some(other) => out.push(other),
                    None => {}
                },
                _ => out.push(c),
            }
        }
        out
    }
}

/// Where the colon before the value stands: the first outside of quotes.
fn value_at(line: &str) -> Option<usize> {
    let mut quoted = false;
    line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })
}

fn split_quoted(head: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    head.split(move |c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
}

/// The lines, with those that begin with a space joined to the one before.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().take(LINES_MAX) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::explode::tests::taken;

    const ICS: &str = "BEGIN:VCALENDAR\r\nPRODID:-//A//B\r\nCALSCALE:GREGORIAN\r\nBEGIN:VEVENT\r\nUID:1\r\n\
        SUMMARY:Pay\\, now\r\nDESCRIPTION:See https://a.ex\r\n ample/x\\nBye\r\n\
        ORGANIZER;CN=\"Ann; B\":mailto:ann@a.example\r\nBEGIN:VALARM\r\nUID:2\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    #[test]
    fn an_event_is_read() {
        let exploded = taken("a.ics", ICS.as_bytes());
        let calendar = exploded.found[0].facts.calendar.as_ref().expect("a calendar");
        assert_eq!(calendar.value("PRODID").as_deref(), Some("-//A//B"));
        let [event] = calendar.components.as_slice() else { panic!("one event: {calendar:?}") };
        assert_eq!((event.kind.as_str(), event.all("UID").count()), ("VEVENT", 1));
        assert_eq!(event.value("SUMMARY").as_deref(), Some("Pay, now"));
        assert_eq!(event.value("DESCRIPTION").as_deref(), Some("See https://a.example/x\nBye"));
        let organizer = event.all("ORGANIZER").next().expect("an organizer");
        assert_eq!((organizer.parameter("CN"), organizer.value.as_str()), (Some("Ann; B"), "mailto:ann@a.example"));
    }

    #[test]
    fn what_is_cut_short_is_kept() {
        let cut = &ICS[..ICS.find("ORGANIZER").expect("there")];
        assert_eq!(Calendar::read(cut).map(|calendar| calendar.components.len()), Some(1));
        assert_eq!(Calendar::read("SUMMARY:x"), None);
    }

    #[test]
    fn there_is_an_end() {
        let many = format!("BEGIN:VCALENDAR\n{}", "BEGIN:VEVENT\nEND:VEVENT\n".repeat(COMPONENTS_MAX + 1));
        assert_eq!(Calendar::read(&many).map(|calendar| calendar.components.len()), Some(COMPONENTS_MAX));
    }
}
