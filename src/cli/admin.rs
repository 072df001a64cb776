//! `kith admin`: who may use the console, and which programs its JSON.

use std::fs;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use console::Term;

use super::{Common, Exit, Failure};
use crate::admin::{Kind, Role, Users, UsersFault};

/// Longest line that is read as a password.
const PASSWORD_BYTES_MAX: u64 = 4_096;

/// Say who may use the console, and which programs its JSON
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// People, who sign in with a password
    User {
        #[command(subcommand)]
        what: User,
    },
    /// Programs, which send a token
    Token {
        #[command(subcommand)]
        what: Token,
    },
}

#[derive(Subcommand, Debug)]
enum User {
    /// Add a person; the password is asked for, or read from standard input
    Add {
        #[command(flatten)]
        common: Common,
        /// The name to sign in with
        name: String,
        /// What the person may do: look (viewer), label (operator), see who did what (administrator)
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// Give a person another password, which signs out whoever is signed in by the old one
    Password {
        #[command(flatten)]
        common: Common,
        /// The name
        name: String,
    },
    /// Take out a person
    Remove {
        #[command(flatten)]
        common: Common,
        /// The name
        name: String,
    },
    /// Print all, with their roles
    List {
        #[command(flatten)]
        common: Common,
    },
}

#[derive(Subcommand, Debug)]
enum Token {
    /// Add a program and print its token, which is kept nowhere and cannot be printed again
    Add {
        #[command(flatten)]
        common: Common,
        /// What to call the program
        name: String,
        /// What the program may do: look (viewer), label (operator)
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// Take out a program: its token is worth nothing from now on
    Remove {
        #[command(flatten)]
        common: Common,
        /// What the program is called
        name: String,
    },
    /// Print all, with their roles
    List {
        #[command(flatten)]
        common: Common,
    },
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    match arguments.what {
        What::User { what } => user(&what),
        What::Token { what } => token(&what),
    }
}

fn user(what: &User) -> Result<(), Failure> {
    match what {
        User::Add { common, name, role } => {
            let state = state(common)?;
            let password = password()?;
            Ok(Users::change(&state, |users| users.add_user(name, *role, &password))?)
        }
        User::Password { common, name } => {
            let state = state(common)?;
            let password = password()?;
            Ok(Users::change(&state, |users| users.set_password(name, &password))?)
        }
        User::Remove { common, name } => Ok(Users::change(&state(common)?, |users| users.remove(Kind::User, name))?),
        User::List { common } => {
            let users = load(common)?;
            list(users.users.iter().map(|(name, user)| (name, user.role, &user.since)))
        }
    }
}

fn token(what: &Token) -> Result<(), Failure> {
    match what {
        Token::Add { common, name, role } => {
            let token = Users::change(&state(common)?, |users| users.add_token(name, *role))?;
            Ok(writeln!(std::io::stdout().lock(), "{token}")?)
        }
        Token::Remove { common, name } => Ok(Users::change(&state(common)?, |users| users.remove(Kind::Token, name))?),
        Token::List { common } => {
            let users = load(common)?;
            list(users.tokens.iter().map(|(name, token)| (name, token.role, &token.since)))
        }
    }
}

fn list<'a>(all: impl Iterator<Item = (&'a String, Role, &'a String)>) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for (name, role, since) in all {
        writeln!(out, "{name:<24} {:<14} {since}", role.name())?;
    }
    Ok(())
}

fn role(name: &str) -> Result<Role, String> {
    let names = Role::ALL.map(Role::name).join(", ");
    Role::parse(name).ok_or_else(|| format!("it is one of {names}"))
}

/// The state directory, which is made where it is missing: users may be added before the first start.
fn state(common: &Common) -> Result<PathBuf, Failure> {
    let state = common.settings()?.state_directory;
    fs::create_dir_all(&state)
        .map_err(|error| Failure::unavailable(format!("the state directory {}: {error}", state.display())))?;
    Ok(state)
}

fn load(common: &Common) -> Result<Users, Failure> {
    Users::load(&common.settings()?.state_directory).map_err(|error| UsersFault::from(error).into())
}

/// A new password: asked for twice at a terminal, else the first line of standard input.
fn password() -> Result<String, Failure> {
    let unreadable = |error| Failure::new(Exit::NoInput, format!("cannot read the password: {error}"));
    if !std::io::stdin().is_terminal() {
        let mut line = String::new();
        let read = std::io::Read::take(std::io::stdin().lock(), PASSWORD_BYTES_MAX);
        std::io::BufRead::read_line(&mut std::io::BufReader::new(read), &mut line).map_err(unreadable)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let terminal = Term::stderr();
    let ask = |prompt: &str| {
        terminal.write_str(prompt)?;
        terminal.read_secure_line()
    };
    let (first, second) = (ask("Password: ").map_err(unreadable)?, ask("Once more: ").map_err(unreadable)?);
    if first != second {
        return Err(Failure::new(Exit::Data, "the two passwords differ; nothing was changed"));
    }
    Ok(first)
}

impl From<UsersFault> for Failure {
    fn from(fault: UsersFault) -> Self {
        let exit = match &fault {
            UsersFault::Unusable(_) => Exit::Unavailable,
            UsersFault::Name(_) => Exit::Usage,
            UsersFault::Known(_) | UsersFault::Password(_) => Exit::Data,
            UsersFault::Unknown(_) => Exit::NoInput,
        };
        Self::new(exit, fault)
    }
}
