//! `kith rules reference`: the data model and the functions, as Markdown.

use std::io::Write;

use clap::Args;

use crate::cli::Failure;
use crate::rules::functions::{self, Body};
use crate::rules::schema::Object;

/// Print the fields and functions that rules may use, as Markdown
#[derive(Args, Debug)]
pub(super) struct Arguments {}

pub(super) fn run() -> Result<(), Failure> {
    write!(std::io::stdout().lock(), "{}", page())?;
    Ok(())
}

fn page() -> String {
    let mut page = "# What rules may ask\n\n## Functions\n\n| function | gives |\n|---|---|\n".to_owned();
    for function in functions::all() {
        let lacking = match function.body {
            Body::Known(_) => String::new(),
            Body::Lacks(why) => format!(" *Always null: {why}.*"),
        };
        page.push_str(&format!("| `{}` | {}.{lacking} |\n", function.signature(), function.about));
    }
    page.push_str("\n## Objects\n\nA rule names the fields of `Message` as they are.\n");
    for object in Object::ALL {
        let table = object.table();
        page.push_str(&format!("\n### {}\n{}\n\n| field | type | meaning |\n|---|---|---|\n", object.name(), table.about));
        for field in table.fields {
            let lacking = field.lacks.map_or_else(String::new, |why| format!(" *Always null: {why}.*"));
            page.push_str(&format!("| `{}` | {} | {}.{lacking} |\n", field.name, field.holds, field.about));
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_names_every_function_and_object() {
        let page = page();
        assert!(functions::all().all(|function| page.contains(&format!("| `{}(", function.name))));
        assert!(Object::ALL.iter().all(|object| page.contains(&format!("\n### {}\n", object.name()))));
        assert!(page.contains("| `html.xpath(page, xpath)` |") && page.contains("*Always null:"));
    }
}
