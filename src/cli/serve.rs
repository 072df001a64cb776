//! `kith serve`: the daemon.

use clap::Args;

use super::{Common, Exit, Failure};
use crate::daemon::{self, Origin, StartError};

/// Filter mail as a milter until SIGTERM; SIGHUP reads the settings again
#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(flatten)]
    common: Common,
}

pub(super) fn run(arguments: Arguments) -> Result<(), Failure> {
    let origin = Origin { file: arguments.common.config, state: arguments.common.state };
    daemon::run(&origin).map_err(|error| {
        let exit = match &error {
            StartError::Settings(_) => Exit::Config,
            StartError::Filter(_) | StartError::Bind(_) | StartError::System(_) => Exit::Unavailable,
        };
        Failure::new(exit, error)
    })
}
