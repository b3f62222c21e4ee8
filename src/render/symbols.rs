//! The symbols, our own, as paths in a field of 24 by 24. Filled, with holes by the even-odd rule.

use super::scene::Symbol;

/// The path of a symbol.
pub fn path(symbol: Symbol) -> &'static str {
    match symbol {
        Symbol::Person => {
            "M12 3.5a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 1 1 0-8.4zM3.8 20.5c0-4.6 3.6-7.2 8.2-7.2s8.2 2.6 8.2 7.2z"
        }
        // A cap with a badge over the person.
        Symbol::Official => {
            "M12 1.6l6.6 2.7-1 2.9H6.4l-1-2.9zM7.7 8h8.6c.1 3-1.7 5-4.3 5s-4.4-2-4.3-5z\
             M3.6 21.5c0-4.5 3.4-7 6.2-7.2l2.2 2.7 2.2-2.7c2.8.2 6.2 2.7 6.2 7.2z"
        }
        Symbol::Agency => {
            "M12 2.5l9 4.7v1.8H3V7.2zM4.8 10.5h2.6v6.5H4.8zM10.7 10.5h2.6v6.5h-2.6z\
             M16.6 10.5h2.6v6.5h-2.6zM3 18.5h18v2.7H3z"
        }
        Symbol::Gang => {
            "M12 3.2a3.3 3.3 0 1 1 0 6.6a3.3 3.3 0 1 1 0-6.6zM5 7.4a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5z\
             M19 7.4a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5zM6.8 20.3c0-5.6 2-9 5.2-9s5.2 3.4 5.2 9z\
             M.9 19.3c0-3.7 1.5-5.9 4.1-5.9.8 0 1.5.2 2 .6-.9 1.5-1.4 3.3-1.5 5.3z\
             M23.1 19.3c0-3.7-1.5-5.9-4.1-5.9-.8 0-1.5.2-2 .6.9 1.5 1.4 3.3 1.5 5.3z"
        }
        Symbol::Company => {
            "M3.5 3h10v18h-10zM5.8 5.5v2.3h2v-2.3zM9.3 5.5v2.3h2v-2.3zM5.8 9.7v2.3h2v-2.3zM9.3 9.7v2.3h2v-2.3z\
             M5.8 13.9v2.3h2v-2.3zM9.3 13.9v2.3h2v-2.3zM15 9h5.8v12H15zM16.9 11.5v2.2h2v-2.2zM16.9 15.7v2.2h2v-2.2z"
        }
        Symbol::Organisation => {
            "M8.5 3h7v5.4h-2.6v2.4h6.6v4h1.7v5.7h-6.4v-5.7h2.6v-1.9H6.6v1.9h2.6v5.7H2.8v-5.7h1.7v-4h6.6V8.4H8.5z"
        }
        Symbol::Case => "M2.5 5h7l2 2.6h10v2.2h-19zM2.5 11h19v8.8h-19zM6 13.6v1.6h12v-1.6z",
        // An envelope.
        Symbol::Lead => "M2.5 5.5h19l-9.5 7zM2.5 7.7l9.5 7 9.5-7v11h-19z",
        Symbol::Account => "M2.5 5h19v3.2h-19zM2.5 10.3h19V19h-19zM5 14.6v1.9h5.5v-1.9z",
        Symbol::Phone => "M7 2h10v20H7zM8.7 4.7v12.4h6.6V4.7zM11 18.6v1.7h2v-1.7z",
        Symbol::Vehicle => {
            "M5.6 6h12.8l2.1 5.3 1 .9v6.3h-2.4v1.9h-2.9v-1.9H7.8v1.9H4.9v-1.9H2.5v-6.3l1-.9zM7.2 8l-1.3 3.3h12.2L16.8 8z\
             M5.2 13.5v2h3.2v-2zM15.6 13.5v2h3.2v-2z"
        }
        Symbol::Address => {
            "M12 1.8c4.2 0 7.2 3 7.2 7 0 4.7-4.3 9-7.2 13.4C9.1 17.8 4.8 13.5 4.8 8.8c0-4 3-7 7.2-7z\
             M12 6a2.9 2.9 0 1 0 0 5.8a2.9 2.9 0 1 0 0-5.8z"
        }
        Symbol::Document => {
            "M5 2h9.5v5.5H20V22H5zM16 2.3l3.7 3.7H16zM8 10.5v1.6h9v-1.6zM8 14v1.6h9V14zM8 17.5v1.6h6v-1.6z"
        }
        Symbol::Event => {
            "M6 2h2.6v2.2h6.8V2H18v2.2h3.5v4.3h-19V4.2H6zM2.5 10.3h19v11.2h-19zM6 13v2.4h2.8V13zM10.6 13v2.4h2.8V13z\
             M15.2 13v2.4H18V13zM6 17v2.4h2.8V17zM10.6 17v2.4h2.8V17z"
        }
        Symbol::Fold => "M8.5 2.5h13v11h-2V4.5h-11zM5.5 6h13v11h-2V8h-11zM2.5 9.5h13v12h-13z",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_symbol_is_its_own_closed_shape() {
        let mut all: Vec<_> = Symbol::ALL.iter().map(|&symbol| path(symbol)).collect();
        assert!(all.iter().all(|path| path.starts_with('M') && path.ends_with('z')));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), Symbol::ALL.len());
    }
}
