//! Whole numbers of any length in decimal digits, from the bases of YAML 1.1.

use ecow::EcoString;

/// Digits beyond which the upstream loader refuses a number: Python's own limit.
pub(super) const MAX_DIGITS: usize = 4300;

/// Decimal digits in one limb.
const LIMB: usize = 9;
const LIMB_BASE: u64 = 1_000_000_000;

/// A whole number that is not negative.
#[derive(Debug, Clone, Default)]
pub(super) struct Number {
    /// Nine decimal digits each, the lowest first; none for zero.
    limbs: Vec<u32>,
}

impl Number {
    /// The number that digits of a base stand for, underscores between them aside.
    pub(super) fn from_digits(digits: &str, base: u32) -> Self {
        let mut number = Self::default();
        for digit in digits.chars().filter_map(|it| it.to_digit(base)) {
            number.push(base, digit);
        }
        number
    }

    /// Multiplies by a base and adds a digit.
    pub(super) fn push(&mut self, base: u32, digit: u32) {
        let mut carry = u64::from(digit);
        for limb in &mut self.limbs {
            let value = u64::from(*limb) * u64::from(base) + carry;
            *limb = u32::try_from(value % LIMB_BASE).unwrap_or_default();
            carry = value / LIMB_BASE;
        }
        if carry > 0 {
            self.limbs.push(u32::try_from(carry).unwrap_or_default());
        }
    }

    /// The decimal digits.
    pub(super) fn decimal(&self, negative: bool) -> EcoString {
        let Some((highest, rest)) = self.limbs.split_last() else { return "0".into() };
        let mut text = format!("{}{highest}", if negative { "-" } else { "" });
        for limb in rest.iter().rev() {
            text.push_str(&format!("{limb:0LIMB$}"));
        }
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_length_keep_their_digits() {
        let decimal = |digits: &str, base| Number::from_digits(digits, base).decimal(false);
        assert_eq!(decimal("0", 10), "0");
        assert_eq!(decimal("1_000_000_000", 10), "1000000000");
        assert_eq!(decimal(&"9".repeat(60), 10), "9".repeat(60));
        assert_eq!(decimal("FfFf_FfFf_FfFf_FfFf_FfFf", 16), "1208925819614629174706175");
        assert_eq!(Number::from_digits("17", 8).decimal(true), "-15");
    }
}
