//! `kith rules promote`: how far a rule is trusted, on the grounds of a backtest.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::backtest::{Backtest, Tested};
use crate::cli::{Common, Exit, Failure};
use crate::mail::Moment;
use crate::rules::in_force::{Grounds, Promotion, State, States};
use crate::rules::{Consequence, Heading, InForce};

/// Promote a rule of the settings: shadow only lists, tag may mark, act may hold
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
    /// How far: shadow, tag or act
    #[arg(long, value_name = "STATE", value_parser = state)]
    to: State,
    /// What `kith rules backtest --json` printed for the rule as it is now; only a step back to shadow needs none
    #[arg(long, value_name = "FILE")]
    backtest: Option<PathBuf>,
    /// Who promotes it [default: the user of this session]
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The name of the rule's file without the ending, or its id
    #[arg(value_name = "RULE")]
    rule: String,
}

fn state(text: &str) -> Result<State, String> {
    State::of(text).ok_or_else(|| format!("{text:?} is none of shadow, tag, act"))
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let settings = arguments.common.settings()?;
    let rules = InForce::open(&settings.rules, &settings.organisation, None)
        .map_err(|error| Failure::new(Exit::NoInput, error))?
        .ok_or_else(|| Failure::new(Exit::Config, "the settings name no rules: set rules.paths"))?;
    let rule = rules.set().headings().find(|rule| rule.is_named(&arguments.rule)).ok_or_else(|| {
        Failure::new(Exit::NoInput, format!("none of the rules in force is named {}", arguments.rule))
    })?;
    let grounds = arguments.backtest.as_deref().map(|file| grounds(file, rule)).transpose()?;
    if arguments.to > State::Shadow && grounds.is_none() {
        let why = "a rule is promoted only with a backtest: run `kith rules backtest --json` and name its output by --backtest";
        return Err(Failure::usage(why));
    }
    let user = || std::env::var("SUDO_USER").or_else(|_| std::env::var("USER")).unwrap_or_else(|_| "unknown".to_owned());
    let promotion = Promotion {
        state: arguments.to,
        by: arguments.by.clone().unwrap_or_else(user),
        at: Moment::now().rfc3339(),
        digest: rule.digest.clone(),
        grounds,
    };
    let folder = &settings.state_directory;
    let mut states = States::read(folder).map_err(|error| Failure::unavailable(format!("cannot read the promotions: {error}")))?;
    states.promote(rule, promotion);
    states.write(folder).map_err(|error| Failure::new(Exit::CannotCreate, format!("cannot write the promotions: {error}")))?;
    let may = settings.rules.most(rule).min(arguments.to.most());
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} is now in state {}; a match will {}", rule.key, arguments.to.name(), words(may))?;
    if arguments.to > State::Shadow && may < arguments.to.most() {
        writeln!(out, "rules.mode and rules.actions of the settings let it do no more")?;
    }
    Ok(())
}

fn words(does: Consequence) -> &'static str {
    match does {
        Consequence::List => "be listed",
        Consequence::Tag => "tag the message",
        Consequence::Hold => "hold the message",
    }
}

/// What a backtest says of a rule as it is now.
fn grounds(file: &Path, rule: &Heading) -> Result<Grounds, Failure> {
    let unread = |error: String| Failure::new(Exit::Data, format!("{} is no backtest: {error}", file.display()));
    let text = fs::read_to_string(file)
        .map_err(|error| Failure::new(Exit::NoInput, format!("cannot read {}: {error}", file.display())))?;
    let backtest: Backtest = serde_json::from_str(&text).map_err(|error| unread(error.to_string()))?;
    let tested: Option<&Tested> = backtest.rules.iter().find(|tested| tested.rule == rule.key);
    match tested {
        Some(tested) if tested.digest != rule.digest => {
            let why = format!("{} asked something else when {} was made: run the backtest anew", rule.key, file.display());
            Err(Failure::new(Exit::Data, why))
        }
        Some(tested) if tested.grounds.messages > 0 => Ok(tested.grounds.clone()),
        _ => Err(Failure::new(Exit::Data, format!("{} says nothing of {}", file.display(), rule.key))),
    }
}
