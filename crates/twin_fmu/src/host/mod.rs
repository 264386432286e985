//! The child process: loads one FMU's library and does what it is asked, until nobody asks any more.

mod buffer;
mod library;
#[cfg(unix)]
mod stdio;

use std::fs::File;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::description::FmiVersion;
use crate::wire::{Ask, Fields, Frame, Inbox, reply};
use library::{Failure, Setup, Slave};

/// Name of the hidden subcommand under which a program is its own child process.
pub const SUBCOMMAND: &str = "fmu-host";

/// Results are handed over at least that often while a row of steps is computed, so that the other side sees progress, and
/// a crash takes no more than that with it.
const FLUSH_AFTER: Duration = Duration::from_millis(1);
/// And when they have become that many bytes, which a pipe takes at once.
const FLUSH_BYTES: usize = 32 << 10;

/// Runs as the child process, until the other side goes away. To be called before anything else is started.
pub fn run_host() -> ExitCode {
    #[cfg(unix)]
    let pipes = stdio::take_pipes().inspect(|(requests, _)| stdio::prepare(requests));
    #[cfg(not(unix))]
    let pipes: std::io::Result<(File, File)> = Err(std::io::ErrorKind::Unsupported.into());
    match pipes {
        Ok((requests, replies)) => Host { replies, slave: None, frame: Frame::default(), values: Vec::new() }.serve(requests),
        Err(error) => {
            eprintln!("this is a part of the program that only the program itself starts: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Why a request was not fulfilled.
enum Refusal {
    /// The FMU failed.
    Fmu(Failure),
    /// The request is malformed or comes at the wrong time.
    Confused,
    /// Nobody listens any more.
    Deaf,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Fmu(failure)
    }
}

impl From<std::io::Error> for Refusal {
    fn from(_: std::io::Error) -> Self {
        Self::Deaf
    }
}

struct Host {
    replies: File,
    slave: Option<Slave>,
    frame: Frame,
    values: Vec<f64>,
}

impl Host {
    fn serve(mut self, mut requests: File) -> ExitCode {
        let mut inbox = Inbox::default();
        loop {
            match inbox.next() {
                Err(_) => return ExitCode::FAILURE,
                Ok(Some(place)) => {
                    let mut fields = Fields(inbox.frame(place));
                    let ask = fields.byte().and_then(Ask::of);
                    if self.answer(ask, fields).is_err() {
                        return ExitCode::FAILURE;
                    }
                    if ask == Some(Ask::Terminate) {
                        return ExitCode::SUCCESS;
                    }
                }
                Ok(None) => match inbox.read_from(&mut requests) {
                    Ok(0) | Err(_) => return ExitCode::SUCCESS,
                    Ok(_) => {}
                },
            }
        }
    }

    /// Does it and says how it went.
    fn answer(&mut self, ask: Option<Ask>, fields: Fields) -> std::io::Result<()> {
        self.frame.begin(reply::DONE);
        let done = ask.ok_or(Refusal::Confused).and_then(|ask| self.fulfil(ask, fields));
        if matches!(&done, Err(Refusal::Fmu(failure)) if failure.is_fatal()) {
            // What has failed is not touched any more, whatever requests are already on their way.
            std::mem::forget(self.slave.take());
        }
        match done {
            Ok(()) => {}
            Err(Refusal::Deaf) => return Err(std::io::ErrorKind::BrokenPipe.into()),
            Err(Refusal::Confused) => {
                self.frame.begin(reply::CONFUSED);
            }
            Err(Refusal::Fmu(Failure::Load(why))) => {
                self.frame.begin(reply::LOAD).bytes(why.as_bytes());
            }
            Err(Refusal::Fmu(Failure::Ended(time))) => {
                self.frame.begin(reply::ENDED).number(time);
            }
            Err(Refusal::Fmu(Failure::Status { function, status })) => {
                let log = library::take_log();
                let number = f64::from(status);
                self.frame.begin(reply::STATUS).bytes(function.as_bytes()).number(number).bytes(log.as_bytes());
            }
        }
        self.replies.write_all(self.frame.finish())
    }

    fn fulfil(&mut self, ask: Ask, mut fields: Fields) -> Result<(), Refusal> {
        if ask == Ask::Load {
            let (version, path) = load_request(&mut fields).ok_or(Refusal::Confused)?;
            self.slave = Some(Slave::load(version, path)?);
            return Ok(());
        }
        let slave = self.slave.as_mut().ok_or(Refusal::Confused)?;
        match ask {
            Ask::Load => {}
            Ask::Start => {
                slave.start(setup(&mut fields).ok_or(Refusal::Confused)?)?;
                self.outputs()?;
            }
            Ask::Reset => {
                slave.reset(setup(&mut fields).ok_or(Refusal::Confused)?)?;
                self.outputs()?;
            }
            Ask::Steps => self.steps(&mut fields)?,
            Ask::Outputs => self.outputs()?,
            Ask::Set => {
                let port = fields.port().ok_or(Refusal::Confused)?;
                slave.set(port, &fields.value().ok_or(Refusal::Confused)?)?;
            }
            Ask::Save => {
                let id = slave.save()?;
                self.frame.count(id);
            }
            Ask::Restore => slave.restore(fields.count().ok_or(Refusal::Confused)?)?,
            Ask::Forget => slave.forget(fields.count().ok_or(Refusal::Confused)?)?,
            Ask::Serialise => {
                let bytes = slave.serialise(fields.count().ok_or(Refusal::Confused)?)?;
                self.frame.bytes(&bytes);
            }
            Ask::Deserialise => {
                let id = slave.deserialise(fields.bytes().ok_or(Refusal::Confused)?)?;
                self.frame.count(id);
            }
            Ask::Terminate => slave.terminate()?,
        }
        Ok(())
    }

    /// The outputs as they are.
    fn outputs(&mut self) -> Result<(), Refusal> {
        let slave = self.slave.as_mut().ok_or(Refusal::Confused)?;
        self.values.resize(slave.output_count(), 0.0);
        slave.outputs(&mut self.values)?;
        self.frame.numbers(&self.values);
        Ok(())
    }

    /// Computes a row of steps. The outputs go back in groups: number of steps, then the values.
    fn steps(&mut self, fields: &mut Fields) -> Result<(), Refusal> {
        let slave = self.slave.as_mut().ok_or(Refusal::Confused)?;
        let steps = fields.count().ok_or(Refusal::Confused)?;
        let (inputs, outputs) = (slave.input_count(), slave.output_count());
        self.values.resize(inputs.max(outputs), 0.0);
        let place = self.frame.len();
        self.frame.count(0);
        let (mut group, mut since) = (0, (steps > 1).then(Instant::now));
        for step in 0..steps {
            let (time, length) = fields.number().zip(fields.number()).ok_or(Refusal::Confused)?;
            let given = self.values.get_mut(..inputs).ok_or(Refusal::Confused)?;
            fields.numbers(given).ok_or(Refusal::Confused)?;
            let done = slave.set_inputs(given).and_then(|()| slave.step(time, length)).and_then(|()| {
                let results = self.values.get_mut(..outputs).unwrap_or_default();
                slave.outputs(results)?;
                self.frame.numbers(results);
                Ok(())
            });
            if done.is_ok() {
                group += 1;
            }
            let is_due = since.is_some_and(|since| since.elapsed() > FLUSH_AFTER) || self.frame.len() > FLUSH_BYTES;
            self.frame.set_count(place, group);
            if (done.is_err() && group > 0) || (is_due && step + 1 < steps) {
                self.replies.write_all(self.frame.finish())?;
                self.frame.begin(reply::DONE).count(0);
                (group, since) = (0, Some(Instant::now()));
            }
            done?;
        }
        Ok(())
    }
}

fn load_request<'a>(fields: &mut Fields<'a>) -> Option<(FmiVersion, &'a str)> {
    let version = if fields.byte()? == 2 { FmiVersion::Two } else { FmiVersion::Three };
    Some((version, fields.text()?))
}

fn setup(fields: &mut Fields) -> Option<Setup> {
    Some(Setup {
        name: fields.text()?.to_owned(),
        token: fields.text()?.to_owned(),
        resources: fields.text()?.to_owned(),
        is_logging: fields.byte()? != 0,
        tolerance: fields.maybe()?,
        start: fields.number()?,
        stop: fields.maybe()?,
        start_values: list(fields, |fields| Some((fields.port()?, fields.value()?)))?,
        inputs: list(fields, Fields::port)?,
        outputs: list(fields, Fields::port)?,
        first_inputs: list(fields, Fields::number)?,
    })
}

fn list<'a, T>(fields: &mut Fields<'a>, item: impl Fn(&mut Fields<'a>) -> Option<T>) -> Option<Vec<T>> {
    let count = fields.count()?;
    (0..count).map(|_| item(fields)).collect()
}
