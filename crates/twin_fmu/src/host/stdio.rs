//! The pipes to the program are moved out of the FMU's reach: what it prints goes to the error output instead.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Resource, Rlimit, Signal, getpid, kill_process, setrlimit};

/// Requests and replies, taken from standard input and output, which then lead nowhere and to the error output.
pub fn take_pipes() -> io::Result<(File, File)> {
    let requests = File::from(io::stdin().as_fd().try_clone_to_owned()?);
    let replies = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok((requests, replies))
}

/// No core dump when the FMU crashes, no orphan when the program goes away during a step, and the first to go when memory
/// runs out.
pub fn prepare(requests: &File) {
    // Only a convenience: without it a crash takes longer and leaves a file.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
    // When memory runs out, it shall be the FMU's process that is ended, and not the program.
    #[cfg(target_os = "linux")]
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    let Ok(watched) = requests.try_clone() else { return };
    let watch = move || {
        wait_for_the_end(watched.as_fd());
        // An orderly exit would run the FMU's own clean-up, which may hang like the FMU does.
        let _ = kill_process(getpid(), Signal::KILL);
    };
    let _ = std::thread::Builder::new().name("fmu-watch".into()).stack_size(64 << 10).spawn(watch);
}

/// Returns when the other end of the pipe has been closed.
fn wait_for_the_end(pipe: BorrowedFd) {
    loop {
        let mut watched = [PollFd::new(&pipe, PollFlags::empty())];
        match poll(&mut watched, None) {
            Ok(_) if watched.iter().any(|fd| fd.revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL)) => return,
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}
