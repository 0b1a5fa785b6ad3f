//! A line of a picture as the model gets it, and what the model says of it.

/// A line of text as grey pixels, ink black and paper white.
#[derive(Clone)]
pub(super) struct Strip {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<f32>,
}

/// What a line says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Said {
    pub(super) text: String,
    /// How likely its characters are, in the mean.
    pub(super) likely: f32,
    /// What it says if it is a number, the likeliest first, each with how likely it is among numbers.
    pub(super) numbers: Vec<(String, f32)>,
}
