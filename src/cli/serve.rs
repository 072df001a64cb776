//! `kith serve`: the daemon.

use clap::Args;

use super::{Common, Exit, Failure};
use crate::daemon::{self, Origin, StartError};
use crate::milter::BindError;

/// Filter mail as a milter until SIGTERM; SIGHUP reads the settings again
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let origin = Origin { file: arguments.common.config, state: arguments.common.state };
    daemon::run(&origin).map_err(|error| match error {
        StartError::Settings(error) => error.into(),
        StartError::Filter(error) => error.into(),
        StartError::Bind(error @ BindError::Settings(_)) => Failure::new(Exit::Config, error),
        StartError::Bind(_) | StartError::System(_) => Failure::unavailable(error),
    })
}
