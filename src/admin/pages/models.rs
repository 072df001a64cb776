//! The model in force: where it comes from, how good it was, what it weighs, and how it fares.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::super::console::Console;
use super::super::guard::Person;
use super::super::reply::{failed, page};
use super::super::shown::visible;
use super::health::{Shown, shown};
use super::{Frame, Tab};
use crate::decision::MODEL;
use crate::filter::Filter;

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = Tab::shown("/models", "Model");

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/models", get(show))
}

/// An input of the model with what it can add.
struct Input {
    name: String,
    lowest: String,
    highest: String,
    missing: String,
}

#[derive(Template)]
#[template(path = "models.html", config = "src/admin/askama.toml")]
struct ModelsPage {
    frame: Frame,
    facts: Vec<(&'static str, String)>,
    figures: Vec<(String, String)>,
    limits: Vec<String>,
    inputs: Vec<Input>,
    health: Option<Shown>,
}

async fn show(person: Person, State(console): State<Arc<Console>>) -> Result<Response, Response> {
    let frame = Frame::of(&person, "models");
    let made = tokio::task::spawn_blocking(move || made(frame, &console.filter()));
    Ok(page(&made.await.map_err(|error| failed(&error))?))
}

fn made(frame: Frame, filter: &Filter) -> ModelsPage {
    let safe = |text: &str| visible(text).into_owned();
    let health = filter.health_of(MODEL).as_ref().map(shown);
    let Some(model) = filter.model_in_force() else {
        let facts = vec![("Model", "none: nothing is scored".to_owned())];
        return ModelsPage { frame, facts, figures: Vec::new(), limits: Vec::new(), inputs: Vec::new(), health };
    };
    let (manifest, card) = (model.manifest(), &model.manifest().card);
    let sources = card.trained_on.sources.iter();
    let sources = sources.map(|source| format!("{}: {} safe, {} attacks", source.name, source.ham, source.attacks));
    let facts = vec![
        ("Name", safe(&card.name)),
        ("Version", safe(&card.version)),
        ("Made on", safe(&card.created)),
        ("Digest", model.digest().to_owned()),
        ("Trained on", safe(&card.trained_on.description)),
        ("Mail from", safe(&card.trained_on.from)),
        ("Mail until", safe(&card.trained_on.until)),
        ("Sources", safe(&sources.collect::<Vec<_>>().join("; "))),
        ("Before anything is known", format!("{:+.3}", manifest.base)),
    ];
    let input = |input: &crate::model::Input| Input {
        name: safe(&input.name),
        lowest: format!("{:+.3}", input.lowest),
        highest: format!("{:+.3}", input.highest),
        missing: format!("{:+.3}", input.missing),
    };
    ModelsPage {
        frame,
        facts,
        figures: card.figures.iter().map(|(name, value)| (safe(name), value.to_string())).collect(),
        limits: card.limits.iter().map(|limit| safe(limit)).collect(),
        inputs: manifest.inputs.iter().map(input).collect(),
        health,
    }
}
