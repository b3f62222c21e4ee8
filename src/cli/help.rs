//! Help in two languages: English stands in the doc comments of the options, Chinese in the
//! catalogue under `help-COMMAND` and `help-COMMAND-OPTION` (`help-all-OPTION` for those that every
//! command takes).

use clap::{Arg, ArgAction, Command, CommandFactory};

use parasol::messages::{Catalogue, Lang};
use parasol::model::Message;

use super::args::Cli;

/// Clap's own layout; the word before the usage is ours.
const LAYOUT: &str = "{before-help}{about-with-newline}\n%USAGE% {usage}\n\n{all-args}{after-help}";

/// The command line, with its help in this language. What every command takes stands apart.
pub(crate) fn command(lang: Lang) -> Command {
    let catalogue = Catalogue::new(lang);
    let command = laid_out(Cli::command(), &catalogue).mut_subcommands(|sub| laid_out(sub, &catalogue));
    let command = command
        .subcommand_help_heading(catalogue.text("help-heading-commands"))
        .mut_args(|arg| arg.help_heading(catalogue.text("help-heading-global")));
    if lang == Lang::Zh { translated(command, &catalogue) } else { command }
}

/// Headings and the words that clap would put in English.
fn laid_out(command: Command, catalogue: &Catalogue) -> Command {
    let heading = |arg: &Arg| match arg.is_positional() {
        true => catalogue.text("help-heading-arguments"),
        false => catalogue.text("help-heading-options"),
    };
    let mut place = 0;
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    command
        .help_template(LAYOUT.replace("%USAGE%", &catalogue.text("help-usage")))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| {
            let heading = heading(&arg);
            let arg = arg.help_heading(heading);
            place += 1;
            // Clap would list them by name.
            if arg.is_positional() { arg.display_order(place) } else { arg }
        })
        .arg(help.help(catalogue.text("help-print")).help_heading(catalogue.text("help-heading-options")))
        .arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help(catalogue.text("help-version"))
                .help_heading(catalogue.text("help-heading-options")),
        )
}

fn translated(command: Command, catalogue: &Catalogue) -> Command {
    let about = catalogue.text("help-parasol");
    let command = command.about(about.clone()).long_about(about);
    let command = command.mut_args(|arg| with_help(arg, catalogue, "all"));
    command.mut_subcommands(|sub| {
        let name = sub.get_name().to_owned();
        let about = catalogue.text(&format!("help-{name}"));
        sub.about(about.clone()).long_about(about).mut_args(|arg| with_help(arg, catalogue, &name))
    })
}

fn with_help(arg: Arg, catalogue: &Catalogue, command: &str) -> Arg {
    let key = help_key(command, &arg);
    if !catalogue.has(&key) {
        return arg;
    }
    if !arg.get_action().takes_values() {
        return arg.help(catalogue.text(&key)).long_help(None::<&str>);
    }
    // Clap would say these two in English.
    let values = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let known = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let told = |key: &'static str, words: Vec<String>| {
        let message = Message::new(key).text("values", words.join("、"));
        if words.is_empty() { String::new() } else { catalogue.say(&message) }
    };
    let help = catalogue.text(&key) + &told("help-default", values) + &told("help-known", known);
    arg.help(help).long_help(None::<&str>).hide_default_value(true).hide_possible_values(true)
}

fn help_key(command: &str, arg: &Arg) -> String {
    format!("help-{command}-{}", arg.get_id().as_str().replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_option_has_its_chinese_help() {
        let catalogue = Catalogue::new(Lang::Zh);
        let command = Cli::command();
        let mut keys: Vec<String> = command.get_arguments().map(|arg| help_key("all", arg)).collect();
        for sub in command.get_subcommands() {
            keys.push(format!("help-{}", sub.get_name()));
            let own = sub.get_arguments().filter(|arg| !arg.is_global_set());
            keys.extend(own.map(|arg| help_key(sub.get_name(), arg)));
        }
        keys.retain(|key| !key.ends_with("-help") && !key.ends_with("-version") && !catalogue.has(key));
        assert!(keys.is_empty(), "no Chinese help: {keys:?}");
    }

    #[test]
    fn defaults_and_choices_are_told_in_chinese_too() {
        let mut command = command(Lang::Zh);
        command.build();
        let help = command.find_subcommand_mut("umbrella").unwrap().render_long_help().to_string();
        assert!(help.contains("（默认 0.5）") && help.contains("（可用：zh、en）"), "{help}");
        assert!(!help.contains("[default") && !help.contains("[possible"), "{help}");
    }

    #[test]
    fn arguments_are_listed_in_the_order_in_which_they_are_given() {
        let mut command = command(Lang::En);
        command.build();
        for (name, first, then) in [("explain", "<OFFICIAL>", "<GANG>"), ("evaluate", "[TRUTH]", "[RANKING]")]
        {
            let help = command.find_subcommand_mut(name).unwrap().render_help().to_string();
            let list = help.split_once('\n').unwrap().1.split_once("Arguments:").unwrap().1;
            assert!(list.find(first).unwrap() < list.find(then).unwrap(), "{help}");
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
