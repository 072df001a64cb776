//! Calendars, in the two forms in which the data model has them.

use super::{address, link};
use crate::files::{Calendar, Component, Property};
use crate::mail::{Address, Mailbox};
use crate::message::{Attachment, read_page};
use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;

/// The calendar that a file is; absent where it is none.
pub fn calendar<'m>(file: &'m Attachment) -> Value<'m> {
    let Some(calendar) = file.text(&[]).and_then(|text| Calendar::read(&text)) else { return Value::ABSENT };
    object(Object::Calendar, move |name| match name {
        "product_id" => Value::maybe(calendar.value("PRODID"), Value::text),
        "scale" => Value::maybe(calendar.value("CALSCALE"), Value::text),
        _ => {
            let events = calendar.components.iter().filter(|component| component.kind == "VEVENT");
            Value::list(events.map(event))
        }
    })
}

fn event<'m>(event: &Component) -> Value<'m> {
    let event = event.clone();
    object(Object::Event, move |name| {
        let html = || event.value("X-ALT-DESC");
        match name {
            "summary" => Value::maybe(event.value("SUMMARY"), Value::text),
            "description" => Value::maybe(event.value("DESCRIPTION"), Value::text),
            "description_html" => Value::maybe(html(), Value::text),
            "location" => Value::maybe(event.value("LOCATION"), Value::text),
            "links" => {
                let plain = ["DESCRIPTION", "LOCATION", "URL"].iter().filter_map(|name| event.value(name));
                // Plain text is a page without elements, its own angle brackets aside.
                let plain = plain.map(|text| text.replace(['<', '\n'], " ")).collect::<Vec<_>>().join(" ");
                let links = read_page(&html().unwrap_or_default()).links;
                let mut seen: Vec<String> = links.iter().map(|link| link.target.clone()).collect();
                let more = read_page(&plain).links.into_iter().filter(|link| {
                    let new = !seen.contains(&link.target);
                    seen.push(link.target.clone());
                    new
                });
                let more: Vec<_> = more.collect();
                link::links(links.iter().chain(&more))
            }
            _ => Value::list(event.properties.iter().map(|property| {
                let (key, value) = (property.name.clone(), property.text());
                object(Object::KeyValue, move |name| Value::text(if name == "key" { &key } else { &value }))
            })),
        }
    })
}

/// A calendar as a scanner gives it.
pub(super) fn scanned(calendar: &Calendar) -> Value<'_> {
    let one = object(Object::IcsCalendar, move |_| Value::list(calendar.components.iter().map(component)));
    object(Object::ScanIcs, move |_| Value::list([one.clone()]))
}

fn component(component: &Component) -> Value<'_> {
    let people = move |name: &'static str| Value::list(component.all(name).map(person));
    object(Object::IcsComponent, move |name| match name {
        "type" => Value::text(&component.kind),
        "summary" => Value::maybe(component.value("SUMMARY"), Value::text),
        "description" => Value::maybe(component.value("DESCRIPTION"), Value::text),
        "uid" => Value::maybe(component.value("UID"), Value::text),
        "organizers" => people("ORGANIZER"),
        "attendees" => people("ATTENDEE"),
        _ => Value::list(component.all("ATTACH").map(|attached| {
            object(Object::IcsAttachment, move |name| match name {
                "type" => Value::text_or_absent(attached.parameter("FMTTYPE").unwrap_or_default()),
                _ if attached.parameter("VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("binary")) => {
                    Value::ABSENT
                }
                _ => Value::text(&attached.value),
            })
        })),
    })
}

fn person(property: &Property) -> Value<'_> {
    let address = property.value.get(7..).filter(|_| property.value.to_ascii_lowercase().starts_with("mailto:"));
    let mailbox = Mailbox {
        display_name: property.parameter("CN").unwrap_or_default().to_owned(),
        address: address.and_then(Address::parse),
    };
    object(Object::IcsPerson, move |_| address::mailbox(&mailbox))
}
