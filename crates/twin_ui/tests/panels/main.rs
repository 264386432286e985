//! Panels by label: what they say, and what they ask for when they are clicked.

mod design;
mod displays;
mod faceplate;
mod panels;
mod sample;
mod site;
mod timeline;
mod tour;
mod window;
