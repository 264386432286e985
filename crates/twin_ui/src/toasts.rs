//! Short messages about what the program did or could not do, at the lower right of the scene. Alarms of the plant are
//! never toasts, and no toast uses an alarm colour.

use crate::icons::{self, Icon};
use crate::theme::{radius, space, stroke};
use crate::{Theme, UiEvent, controls, text::t};
use egui::{Align2, CornerRadius, Rect, RichText, Sense, Stroke, Ui, Vec2, WidgetInfo, WidgetType, vec2};

/// How much a toast matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ToastSeverity {
    /// Goes away by itself after a few seconds.
    Info,
    /// Stays longer.
    Warning,
    /// Stays until a person dismisses it.
    Error,
}

impl ToastSeverity {
    /// Seconds it stays; none for ever.
    fn stays_secs(self) -> Option<f64> {
        match self {
            Self::Info => Some(6.0),
            Self::Warning => Some(15.0),
            Self::Error => None,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Info => t().toast_information,
            Self::Warning => t().toast_warning,
            Self::Error => t().toast_error,
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::Info => Icon::Check,
            Self::Warning => Icon::Warning,
            Self::Error => Icon::Close,
        }
    }
}

/// A message.
#[derive(Clone, Debug, PartialEq)]
pub struct ToastView {
    /// What it is about; a message with the same key counts up in place of standing twice.
    pub key: String,
    /// How much it matters.
    pub severity: ToastSeverity,
    /// What happened, and what a person can do about it.
    pub text: String,
    /// A button: its label and what it asks for.
    pub action: Option<(String, UiEvent)>,
}

#[derive(Clone, Debug)]
struct Toast {
    view: ToastView,
    count: u32,
    /// When it was first drawn, seconds of the input's time. A toast that waits for room does not age.
    since_secs: Option<f64>,
}

/// The messages that stand or wait.
#[derive(Clone, Debug, Default)]
pub struct Toasts {
    toasts: Vec<Toast>,
}

/// Toasts that are drawn at once; the others wait.
pub const MOST_SHOWN: usize = 4;
/// Toasts that are kept; the oldest of the least severe go first.
const MOST_KEPT: usize = 32;
const WIDTH: f32 = 340.0;

impl Toasts {
    /// Adds a message, or counts up the one with the same key, which then stays on from now.
    pub fn push(&mut self, view: ToastView) {
        if let Some(toast) = self.toasts.iter_mut().find(|toast| toast.view.key == view.key) {
            toast.count = toast.count.saturating_add(1);
            toast.view = view;
            toast.since_secs = None;
            return;
        }
        if self.toasts.len() >= MOST_KEPT
            && let Some(least) = (0..self.toasts.len()).min_by_key(|index| (self.toasts[*index].view.severity, *index))
        {
            self.toasts.remove(least);
        }
        self.toasts.push(Toast { view, count: 1, since_secs: None });
    }

    /// Takes a message away, as when its cause is gone.
    pub fn dismiss(&mut self, key: &str) {
        self.toasts.retain(|toast| toast.view.key != key);
    }

    /// True when nothing stands or waits.
    pub fn is_empty(&self) -> bool {
        self.toasts.is_empty()
    }

    /// Which ones are drawn, oldest first: errors before the others, then the newest.
    fn shown(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.toasts.len()).collect();
        order.sort_by_key(|index| std::cmp::Reverse((self.toasts[*index].view.severity == ToastSeverity::Error, *index)));
        order.truncate(MOST_SHOWN);
        order.sort_unstable();
        order
    }

    /// Lets those age that are drawn, and returns the seconds until the next one goes.
    fn age(&mut self, now_secs: f64) -> Option<f64> {
        for index in self.shown() {
            self.toasts[index].since_secs.get_or_insert(now_secs);
        }
        let left = |toast: &Toast| Some(toast.since_secs? + toast.view.severity.stays_secs()? - now_secs);
        self.toasts.retain(|toast| left(toast).is_none_or(|secs| secs > 0.0));
        self.toasts.iter().filter_map(left).reduce(f64::min)
    }
}

/// Draws the toasts into the lower right corner of `scene`, above everything there. They age by the time of the input.
pub fn toasts_ui(ui: &mut Ui, scene: Rect, toasts: &mut Toasts, theme: &Theme, out: &mut Vec<UiEvent>) {
    if let Some(secs) = toasts.age(ui.input(|input| input.time)) {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(secs.max(0.0)));
    }
    if toasts.is_empty() {
        return;
    }
    let mut gone = None;
    egui::Area::new(egui::Id::new("toasts"))
        .order(egui::Order::Foreground)
        .pivot(Align2::RIGHT_BOTTOM)
        .fixed_pos(scene.right_bottom() - Vec2::splat(space::L))
        .show(ui.ctx(), |ui| {
            ui.set_width(WIDTH.min(scene.width() - 2.0 * space::L).max(160.0));
            ui.spacing_mut().item_spacing.y = space::S;
            for index in toasts.shown() {
                let toast = &toasts.toasts[index];
                if toast_ui(ui, toast, theme, out) {
                    gone = Some(toast.view.key.clone());
                }
            }
        });
    if let Some(key) = gone {
        toasts.dismiss(&key);
    }
}

/// Draws one toast; true when it is done with.
fn toast_ui(ui: &mut Ui, toast: &Toast, theme: &Theme, out: &mut Vec<UiEvent>) -> bool {
    let view = &toast.view;
    let mut is_done = false;
    let frame = egui::Frame::new()
        .fill(theme.raised)
        .stroke(Stroke::new(stroke::HAIRLINE, theme.line))
        .corner_radius(CornerRadius::same(radius::L))
        .shadow(theme.shadow())
        .inner_margin(egui::Margin { left: 14, right: 8, top: 8, bottom: 10 });
    let framed = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::hover());
            icons::paint(ui.painter(), rect, view.severity.icon(), theme.text_strong);
            ui.label(RichText::new(view.severity.word()).font(theme.strong()).color(theme.text_strong));
            if toast.count > 1 {
                controls::pill(ui, &format!("{}×", toast.count), theme.normal_band, theme.text_strong, theme);
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let label = format!("{}: {}", t().toast_dismiss, view.text);
                is_done |= controls::icon_button(ui, Icon::Close, &label, false, theme).clicked();
            });
        });
        ui.add(egui::Label::new(RichText::new(&view.text).color(theme.text)).wrap());
        if let Some((label, event)) = &view.action
            && ui.button(label).clicked()
        {
            out.push(event.clone());
            is_done = true;
        }
    });
    let rect = framed.response.rect;
    let bar = Rect::from_min_max(rect.min, egui::pos2(rect.left() + 4.0, rect.bottom()));
    let corners = CornerRadius { nw: radius::L, sw: radius::L, ne: 0, se: 0 };
    let ink = if view.severity == ToastSeverity::Info { theme.text_faint } else { theme.text_strong };
    ui.painter().rect_filled(bar, corners, ink);
    let times = if toast.count > 1 { format!(", {} {}", toast.count, t().times) } else { String::new() };
    let words = format!("{}: {}{times}", view.severity.word(), view.text);
    let whole = ui.interact(rect, ui.id().with(("toast", &view.key)), Sense::hover());
    whole.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words.as_str()));
    is_done
}
