//! A bitmap backend with letters of its own, so that no font need be installed.

use std::path::Path;

use font8x8::{BASIC_FONTS, UnicodeFonts};
use plotters::prelude::*;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontTransform,
    text_anchor::{HPos, VPos},
};

/// Width and height of a letter, in its own pixels.
const LETTER: i32 = 8;

/// A PNG that is drawn pixel by pixel.
pub(super) struct Pixels<'p> {
    bitmap: BitMapBackend<'p>,
}

impl<'p> Pixels<'p> {
    pub(super) fn new(path: &'p Path, size: (u32, u32)) -> Self {
        Self { bitmap: BitMapBackend::new(path, size) }
    }
}

/// Screen pixels for each pixel of a letter.
fn scale(size: f64) -> i32 {
    if size >= 24.0 { 2 } else { 1 }
}

/// Corner of a text of this size that is anchored at `at`.
fn corner(
    at: BackendCoord,
    (width, height): (i32, i32),
    anchor: plotters_backend::text_anchor::Pos,
) -> BackendCoord {
    let x = match anchor.h_pos {
        HPos::Left => 0,
        HPos::Center => width / 2,
        HPos::Right => width,
    };
    let y = match anchor.v_pos {
        VPos::Top => 0,
        VPos::Center => height / 2,
        VPos::Bottom => height,
    };
    (at.0 - x, at.1 - y)
}

impl DrawingBackend for Pixels<'_> {
    type ErrorType = <BitMapBackend<'static> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.bitmap.get_size()
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.bitmap.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.bitmap.present()
    }

    fn draw_pixel(
        &mut self,
        point: BackendCoord,
        color: BackendColor,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.bitmap.draw_pixel(point, color)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        at: BackendCoord,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        let scale = scale(style.size());
        let (along, across) = (text.chars().count() as i32 * LETTER * scale, LETTER * scale);
        let upright = matches!(style.transform(), FontTransform::None | FontTransform::Rotate180);
        let size = if upright { (along, across) } else { (across, along) };
        let (left, top) = corner(at, size, style.anchor());
        let color = style.color();
        for (n, letter) in text.chars().enumerate() {
            let rows = BASIC_FONTS.get(letter).or_else(|| BASIC_FONTS.get('?')).unwrap_or_default();
            for (y, row) in rows.into_iter().enumerate() {
                for x in (0..LETTER).filter(|x| row >> x & 1 == 1) {
                    // Turned text reads from the bottom up, as the label of an upright axis does.
                    let (x, y) = ((n as i32 * LETTER + x) * scale, y as i32 * scale);
                    let (x, y) = if upright { (x, y) } else { (y, along - scale - x) };
                    // Pixel by pixel: the bitmap draws nothing for a rectangle of no extent.
                    for (dx, dy) in (0..scale).flat_map(|dx| (0..scale).map(move |dy| (dx, dy))) {
                        self.bitmap.draw_pixel((left + x + dx, top + y + dy), color)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        let scale = scale(style.size());
        let (along, across) = (text.chars().count() as i32 * LETTER * scale, LETTER * scale);
        Ok((along as u32, across as u32))
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.bitmap.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<Self::ErrorType>> {
        self.bitmap.draw_rect(upper_left, bottom_right, style, fill)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_leave_marks_where_they_are_anchored() {
        let mut buffer = vec![255; 40 * 20 * 3];
        {
            let mut pixels = Pixels { bitmap: BitMapBackend::with_buffer(&mut buffer, (40, 20)) };
            let style = TextStyle::from(("sans-serif", 12).into_font()).color(&BLACK);
            pixels.draw_text("I", &style, (16, 4)).expect("a buffer takes all");
        }
        let dark: Vec<usize> = (0..40 * 20).filter(|i| buffer[i * 3] < 128).collect();
        assert!(dark.len() > 8);
        assert!(dark.iter().all(|i| (16..24).contains(&(i % 40)) && (4..12).contains(&(i / 40))), "{dark:?}");
    }
}
