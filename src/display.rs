//! Is there a display, and can anything draw on it?

use bevy::tasks::block_on;

/// What will draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// Name as the driver gives it.
    pub name: String,
    /// It computes on the processor: a frame costs what its pixels cost.
    pub is_software: bool,
}

/// Why there will be no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoWindow {
    /// No display server.
    NoDisplay,
    /// Asked for on the command line.
    NotWanted,
    /// A display is named, but no display server answers there.
    NoAnswer,
    /// A display, but no Vulkan driver.
    NoDriver,
}

/// What to say when no driver was found.
pub const NO_DRIVER: &str = "no Vulkan driver found. On Debian or Ubuntu: sudo apt-get install mesa-vulkan-drivers \
    (a driver of the graphics card's maker is faster). The twin runs without a window too: didymos --no-window";

impl NoWindow {
    /// How to get the window.
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoDisplay => {
                "No display (DISPLAY is not set): this is the live table. Run it on a desktop, or with xvfb-run, for the 3D window."
            }
            Self::NoAnswer => {
                "No display server answers where DISPLAY points, or it lets nobody in: this is the live table. Correct DISPLAY, or use xvfb-run, for the 3D window."
            }
            Self::NotWanted => "Live table as asked for; leave out --no-window for the 3D window.",
            Self::NoDriver => NO_DRIVER,
        }
    }
}

/// Looks for a display and a driver, before Bevy does and would panic.
///
/// # Errors
/// [`NoWindow`].
pub fn check() -> Result<Adapter, NoWindow> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(target_os = "linux") && !is_set("DISPLAY") {
        return Err(NoWindow::NoDisplay);
    }
    if !display_answers() {
        return Err(NoWindow::NoAnswer);
    }
    adapter().ok_or(NoWindow::NoDriver)
}

/// A display of a session that has ended is often still named.
#[cfg(target_os = "linux")]
fn display_answers() -> bool {
    x11rb::connect(None).is_ok()
}

/// Other systems have no display server to ask.
#[cfg(not(target_os = "linux"))]
fn display_answers() -> bool {
    true
}

/// The adapter Bevy will most likely take: a real GPU before a software one.
pub fn adapter() -> Option<Adapter> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::VULKAN,
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapters = block_on(instance.enumerate_adapters(wgpu::Backends::VULKAN));
    let found = adapters
        .iter()
        .map(|adapter| adapter.get_info())
        .map(|info| Adapter { is_software: info.device_type == wgpu::DeviceType::Cpu, name: info.name });
    found.min_by_key(|adapter| adapter.is_software)
}
