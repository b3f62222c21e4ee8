//! Dates that may be partial: `2019`, `2019-08`, `2019-08-01`.
//!
//! A partial date is an interval of days. Whether one date is before another is yes, no or
//! unknown, and unknown speaks for nobody: use [`Date::before`], never a comparison of texts.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Serialize};

/// A day, counted from 1970-01-01 (day 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

/// A year, a month or a day of the civil calendar, from year 1 to 9999, in four bytes.
///
/// The derived order sorts by year, month, day with unknown parts first; it is for sorting
/// output, not for asking which event came first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NonZeroU32);

impl Date {
    /// "Still so" (至今): the end of a tie that is known not to have ended.
    pub const ONGOING: Self = match NonZeroU32::new(9999 << 9 | 12 << 5 | 31) {
        Some(packed) => Self(packed),
        None => unreachable!(),
    };

    /// A date from its parts; `month` and `day` are 0 where unknown.
    ///
    /// `None` when there is no such day (13th month, 30 February, a day without a month).
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let real = match (month, day) {
            (0, 0) => (1..=9999).contains(&year),
            (_, 0) => (1..=9999).contains(&year) && (1..=12).contains(&month),
            _ => year > 0 && civil::Date::new(year as i16, month as i8, day as i8).is_ok(),
        };
        let packed = u32::from(year) << 9 | u32::from(month) << 5 | u32::from(day);
        NonZeroU32::new(packed).filter(|_| real).map(Self)
    }

    /// The year.
    pub fn year(self) -> u16 {
        (self.0.get() >> 9) as u16
    }

    /// The month, 1 to 12, or 0 when only the year is known.
    pub fn month(self) -> u8 {
        (self.0.get() >> 5 & 15) as u8
    }

    /// The day of the month, 1 to 31, or 0 when unknown.
    pub fn day(self) -> u8 {
        (self.0.get() & 31) as u8
    }

    /// The date in four bytes, never 0; order is the order of [`Date`].
    pub fn packed(self) -> u32 {
        self.0.get()
    }

    /// The date that [`Date::packed`] gave, or `None` for 0 and for anything else that is no date.
    pub fn from_packed(packed: u32) -> Option<Self> {
        let year = u16::try_from(packed >> 9).ok()?;
        Self::new(year, (packed >> 5 & 15) as u8, (packed & 31) as u8)
    }

    /// The first day that the date may mean.
    pub fn first(self) -> Day {
        day_number(self.year(), self.month().max(1), self.day().max(1))
    }

    /// The last day that the date may mean.
    pub fn last(self) -> Day {
        match (self.month(), self.day()) {
            (0, _) => day_number(self.year(), 12, 31),
            (month, 0) => {
                let days = civil::Date::new(self.year() as i16, month as i8, 1)
                    .map_or(28, civil::Date::days_in_month);
                day_number(self.year(), month, days as u8)
            }
            (month, day) => day_number(self.year(), month, day),
        }
    }

    /// Whether this date lies wholly before the other: `None` when the intervals overlap
    /// so that it cannot be told.
    pub fn before(self, other: Self) -> Option<bool> {
        if self.last() < other.first() {
            Some(true)
        } else if self.first() >= other.last() {
            Some(false)
        } else {
            None
        }
    }

    /// Whether the whole date lies on or before the last day of `as_of`.
    pub fn known_by(self, as_of: Self) -> bool {
        self.last() <= as_of.last()
    }
}

fn day_number(year: u16, month: u8, day: u8) -> Day {
    let epoch = civil::Date::constant(1970, 1, 1);
    civil::Date::new(year as i16, month as i8, day as i8)
        .ok()
        .and_then(|date| epoch.until(date).ok())
        .map_or(Day(0), |span| Day(span.get_days()))
}

/// The text is no ISO 8601 date of the forms `YYYY`, `YYYY-MM`, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct NotADate;

impl FromStr for Date {
    type Err = NotADate;

    /// Reads ISO 8601 only; what real files hold is read by `ingest`.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let mut parts = text.split('-');
        let mut number = |width: usize| match parts.next() {
            None => Ok(0),
            Some(part) if part.len() == width && part.bytes().all(|b| b.is_ascii_digit()) => {
                part.parse::<u16>().map_err(|_| NotADate)
            }
            Some(_) => Err(NotADate),
        };
        let (year, month, day) = (number(4)?, number(2)?, number(2)?);
        let empty_part = parts.next().is_some() || text.ends_with("-00");
        let date = Self::new(year, month as u8, day as u8);
        date.filter(|_| !empty_part).ok_or(NotADate)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year())?;
        if self.month() > 0 {
            write!(f, "-{:02}", self.month())?;
        }
        if self.day() > 0 {
            write!(f, "-{:02}", self.day())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn iso_dates_are_read_and_printed_alike() {
        for text in ["2019", "2019-08", "2019-08-01", "2020-02-29", "0001-01-01"] {
            assert_eq!(date(text).to_string(), text);
            assert_eq!(Date::from_packed(date(text).packed()), Some(date(text)));
        }
        for bad in [
            "",
            "19",
            "2019-8-1",
            "2019-13",
            "2019-02-29",
            "0000-00-00",
            "2019-00-01",
            "2019-08-00",
            "2019-08-01-01",
        ] {
            assert_eq!(bad.parse::<Date>(), Err(NotADate), "{bad}");
        }
    }

    #[test]
    fn a_partial_date_is_an_interval() {
        assert_eq!(date("1970").first(), Day(0));
        assert_eq!(date("1970").last(), Day(364));
        assert_eq!(date("2020-02").last(), date("2020-02-29").first());
        assert_eq!(date("2019-08").before(date("2019-09")), Some(true));
        assert_eq!(date("2019").before(date("2019-09")), None);
        assert_eq!(date("2020").before(date("2019-09")), Some(false));
        assert_eq!(date("2019-08-01").before(date("2019-08-01")), Some(false));
    }

    #[test]
    fn as_of_includes_its_day_and_means_its_last() {
        assert!(date("2019-08-31").known_by(date("2019-08")));
        assert!(!date("2019").known_by(date("2019-08")));
    }
}
