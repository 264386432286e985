//! Saving an incident package from the window, without making it wait.

use super::state::ViewState;
use crate::package::{PackageSource, Range, save_beside};
use std::sync::Arc;
use twin_model::TwinTime;
use twin_ui::text::t;
use twin_ui::toasts::{ToastSeverity, ToastView};

/// Lets a thread write a package of a range; where it lies is told over the scene.
pub(super) fn save(state: &mut ViewState, from: TwinTime, to: TwinTime) {
    let Some(history) = state.history.clone() else {
        let text = t().package_needs_history.to_owned();
        state.toasts.push(ToastView { key: text.clone(), severity: ToastSeverity::Warning, text, action: None });
        return;
    };
    let source = PackageSource { plant: Arc::clone(&state.plant), folder: state.folder.clone() };
    let range = Range { from, to, title: state.plant.document.name.clone(), author: "engineer".to_owned() };
    let news = state.news.0.clone();
    let written = std::thread::Builder::new().name("package".to_owned()).spawn(move || {
        let (severity, text) = match save_beside(&history, &source, &range) {
            Ok(path) => (ToastSeverity::Info, format!("{} {}", t().package_saved, path.display())),
            Err(reason) => (ToastSeverity::Error, format!("{}: {reason}", t().package_failed)),
        };
        // A window that is closed needs no news.
        let _ = news.send(ToastView { key: text.clone(), severity, text, action: None });
    });
    if let Err(error) = written {
        let text = format!("{}: {error}", t().package_failed);
        state.toasts.push(ToastView { key: text.clone(), severity: ToastSeverity::Error, text, action: None });
    }
}
