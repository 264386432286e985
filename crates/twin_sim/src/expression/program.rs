//! Formulas as they run: what decides nothing any more is passed over.

use super::{DEEPEST, One, Step, Two, is_true, truth};

/// A formula that knows where its names are.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    orders: Vec<Order>,
    reads: Vec<usize>,
}

/// One order to the stack. Skips count the orders behind them.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Order {
    Number(f64),
    /// The value of a point.
    Read(usize),
    One(One),
    Two(Two),
    /// The value of a point and a number: most of what a plant file compares.
    PointAndNumber(Two, usize, f64),
    /// The top and a number.
    WithNumber(Two, f64),
    /// Makes the top true or false; where it is false already, an `and` is decided.
    DecideAnd(usize),
    /// The same of an `or` that is true already.
    DecideOr(usize),
    /// Takes the top away; where it is false, to the else.
    Else(usize),
    /// To the end of an `if`.
    Skip(usize),
}

impl Program {
    /// A program of the steps of a formula, whose names are read at `reads`.
    pub(super) fn new(steps: &[Step], reads: Vec<usize>) -> Self {
        let mut operands: Vec<Vec<Order>> = Vec::new();
        for step in steps {
            let orders = match *step {
                Step::Number(number) => vec![Order::Number(number)],
                Step::Read(name) => vec![Order::Read(reads.get(name).copied().unwrap_or(usize::MAX))],
                Step::One(one) => {
                    let mut orders = operands.pop().unwrap_or_default();
                    orders.push(Order::One(one));
                    orders
                }
                Step::Two(two) => {
                    let second = operands.pop().unwrap_or_default();
                    with_second(operands.pop().unwrap_or_default(), two, second)
                }
                Step::If => {
                    let otherwise = operands.pop().unwrap_or_default();
                    let then = operands.pop().unwrap_or_default();
                    let mut orders = operands.pop().unwrap_or_default();
                    orders.push(Order::Else(then.len() + 1));
                    orders.extend(then);
                    orders.push(Order::Skip(otherwise.len()));
                    orders.extend(otherwise);
                    orders
                }
            };
            operands.push(orders);
        }
        Self { orders: operands.pop().unwrap_or_default(), reads }
    }

    /// Points it reads.
    pub fn reads(&self) -> &[usize] {
        &self.reads
    }

    /// Its value for these points; a point beyond them is not a number.
    pub fn value(&self, points: &[f64]) -> f64 {
        let point = |index: usize| points.get(index).copied().unwrap_or(f64::NAN);
        let mut stack = [f64::NAN; DEEPEST];
        // Number of values on the stack; the topmost is kept beside it.
        let (mut height, mut top) = (0_usize, f64::NAN);
        let mut at = 0;
        while let Some(order) = self.orders.get(at) {
            at += 1;
            match *order {
                Order::Number(number) => push(&mut stack, &mut height, &mut top, number),
                Order::Read(index) => push(&mut stack, &mut height, &mut top, point(index)),
                Order::PointAndNumber(two, index, number) => push(&mut stack, &mut height, &mut top, two.of(point(index), number)),
                Order::WithNumber(two, number) => top = two.of(top, number),
                Order::One(one) => top = one.of(top),
                Order::Two(two) => top = two.of(pop(&stack, &mut height), top),
                Order::DecideAnd(orders) => {
                    top = truth(is_true(top));
                    if top == 0.0 {
                        at += orders;
                    }
                }
                Order::DecideOr(orders) => {
                    top = truth(is_true(top));
                    if top == 1.0 {
                        at += orders;
                    }
                }
                Order::Else(orders) => {
                    if !is_true(top) {
                        at += orders;
                    }
                    top = pop(&stack, &mut height);
                }
                Order::Skip(orders) => at += orders,
            }
        }
        top
    }

    /// Whether its value counts as true.
    pub fn holds(&self, points: &[f64]) -> bool {
        is_true(self.value(points))
    }
}

fn push(stack: &mut [f64; DEEPEST], height: &mut usize, top: &mut f64, value: f64) {
    // The parser has checked the height: no formula remembers more.
    if let Some(place) = stack.get_mut(*height) {
        *place = *top;
    }
    *height += 1;
    *top = value;
}

fn pop(stack: &[f64; DEEPEST], height: &mut usize) -> f64 {
    *height = height.saturating_sub(1);
    stack.get(*height).copied().unwrap_or(f64::NAN)
}

/// The orders of two operands and what is made of them.
fn with_second(mut first: Vec<Order>, two: Two, second: Vec<Order>) -> Vec<Order> {
    match (two, first.as_slice(), second.as_slice()) {
        (Two::And, ..) => first.push(Order::DecideAnd(second.len() + 1)),
        (Two::Or, ..) => first.push(Order::DecideOr(second.len() + 1)),
        (_, [Order::Read(point)], [Order::Number(number)]) => return vec![Order::PointAndNumber(two, *point, *number)],
        (_, _, [Order::Number(number)]) => {
            first.push(Order::WithNumber(two, *number));
            return first;
        }
        _ => {}
    }
    first.extend(second);
    first.push(Order::Two(two));
    first
}
