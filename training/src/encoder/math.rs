//! Element-wise functions, in plain arithmetic so that every processor gives the same bits.

/// e to the power `x`, to about 1e-7 of the result: a power of two times a polynomial (Cody & Waite 1980).
pub(super) fn exp(x: f32) -> f32 {
    // Beyond these, the result is not a normal number.
    let x = x.clamp(-87.0, 88.0);
    // Added to a number, this leaves its nearest whole in the lowest bits: rounding without a call, many at a time.
    const TO_WHOLE: f32 = 12_582_912.0;
    let shifted = x * std::f32::consts::LOG2_E + TO_WHOLE;
    let whole = shifted - TO_WHOLE;
    let power = shifted.to_bits().wrapping_sub(TO_WHOLE.to_bits());
    // ln 2 in two parts: the first has few bits, so that the product is exact.
    let rest = (x - whole * 0.693_359_4) + whole * 2.121_944_4e-4;
    let polynomial = 1.0
        + rest
            * (1.0
                + rest
                    * (0.5
                        + rest
                            * (0.166_666_67
                                + rest * (0.041_666_66 + rest * (8.333_45e-3 + rest * 1.39e-3)))));
    f32::from_bits(power.wrapping_add(127) << 23) * polynomial
}

/// Gaussian error linear unit (Hendrycks & Gimpel 2016), in its form by tanh.
pub(super) fn gelu(x: f32) -> f32 {
    const TWICE_ROOT_2_OVER_PI: f32 = 1.595_769;
    x / (1.0 + exp(-TWICE_ROOT_2_OVER_PI * (x + 0.044_715 * x * x * x)))
}

/// Exponentials that sum to 1, in place (softmax).
pub(super) fn softmax(row: &mut [f32]) {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    row.iter_mut().for_each(|x| *x = exp(*x - largest));
    let sum = sum(row);
    row.iter_mut().for_each(|x| *x /= sum);
}

/// To mean 0 and variance 1, then scaled and shifted (layer normalisation, Ba, Kiros & Hinton 2016), in place.
pub(super) fn normalise(row: &mut [f32], scale: &[f32], shift: &[f32]) {
    const EPSILON: f32 = 1e-12;
    let n = row.len() as f32;
    let mean = sum(row) / n;
    row.iter_mut().for_each(|x| *x -= mean);
    let variance = row.iter().map(|x| x * x).sum::<f32>() / n;
    let factor = 1.0 / (variance + EPSILON).sqrt();
    for ((x, scale), shift) in row.iter_mut().zip(scale).zip(shift) {
        *x = *x * factor * scale + shift;
    }
}

fn sum(row: &[f32]) -> f32 {
    row.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_is_exact_to_six_digits() {
        for i in -870..=880 {
            let x = i as f32 / 10.0;
            let wanted = f64::from(x).exp();
            assert!((f64::from(exp(x)) / wanted - 1.0).abs() < 2e-6, "{x}: {} {wanted}", exp(x));
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37 && exp(f32::MAX).is_finite());
    }

    #[test]
    fn gelu_has_its_known_values() {
        // From PyTorch's gelu(approximate="tanh").
        for (x, wanted) in
            [(-3.0, -0.003_637_4), (-0.5, -0.154_286), (0.0, 0.0), (1.0, 0.841_191_95), (4.0, 3.999_93)]
        {
            assert!((gelu(x) - wanted).abs() < 1e-5, "{x}: {}", gelu(x));
        }
    }

    #[test]
    fn softmax_sums_to_one_and_keeps_order() {
        let mut row = [1000.0, 1001.0, -50.0];
        softmax(&mut row);
        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6 && row[1] > row[0] && row[0] > row[2]);
    }

    #[test]
    fn normalised_rows_have_mean_and_variance() {
        let mut row = [1.0, 2.0, 3.0, 4.0];
        normalise(&mut row, &[1.0; 4], &[0.5; 4]);
        assert!((row.iter().sum::<f32>() / 4.0 - 0.5).abs() < 1e-6);
    }
}
