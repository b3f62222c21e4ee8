//! The report's pages in a real browser, as their reader has them: nothing hostile runs, nothing is
//! loaded from elsewhere. Without a browser on the machine the test says that it was left out.

use std::path::Path;
use std::process::Command;

use crate::program::Desk;

const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

fn browser() -> Option<&'static str> {
    BROWSERS
        .into_iter()
        .find(|name| Command::new(name).arg("--version").output().is_ok_and(|out| out.status.success()))
}

/// The page as the browser has it after it was loaded, and what it wrote to its console.
fn dom(browser: &str, page: &Path, profile: &Path) -> (String, String) {
    let out = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        ])
        .args([
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic",
            "--enable-logging=stderr",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .unwrap();
    (String::from_utf8_lossy(&out.stdout).into_owned(), String::from_utf8_lossy(&out.stderr).into_owned())
}

/// A small bundle whose every name tries to get out of its text.
fn hostile(folder: &Path) {
    let bad = "<script>document.title='pwned'</script>\"\"><img src=x onerror=document.title='pwned'>";
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
    std::fs::create_dir_all(folder).unwrap();
    write(
        "organisations.csv",
        format!("id,name,kind,class\na,\"{bad}\",agency,\ng,\"{bad}\",gang,gang\nc,\"{bad}\",company,\n"),
    );
    write("officials.csv", format!("id,name,agency,post\no,\"{bad}\",a,\"{bad}\"\n"));
    write("people.csv", format!("id,name\np,\"{bad}\"\n"));
    write(
        "relations.csv",
        format!(
            "id,type,from,to,role,start,amount,note\nr1,family,o,p,spouse,,,\"{bad}\"\nr2,ownership,p,c,,2020,,\"{bad}\"\n\
             r3,controls,g,c,,,,\nr4,payment,c,p,,2020-01-01,x\"{bad},\n"
        ),
    );
}

#[test]
fn hostile_names_are_inert_in_a_browser() {
    let Some(browser) = browser() else {
        crate::program::left_out(&format!("no browser on this machine ({})", BROWSERS.join(", ")));
        return;
    };
    let desk = Desk::new();
    hostile(&desk.path("in"));
    let run = desk.run(&["report", "in", "--out", "r", "--line", "0.0001"]);
    assert!(matches!(run.code(), 0 | 4), "{}", run.err());
    assert_eq!(desk.run(&["import", "in", "--store", "h.db"]).code(), 4, "a row is rejected");
    desk.ok(&["draw", "--store", "h.db", "--pair", "o", "g", "--out", "drawn.html"]);
    let mut pages = vec!["r/index.html".to_owned(), "drawn.html".to_owned()];
    if desk.path("r/pairs/001-brief.html").exists() {
        pages.push("r/pairs/001-brief.html".to_owned());
    }
    for name in pages {
        let (page, console) = dom(browser, &desk.path(&name), &desk.path("profile"));
        assert!(page.contains("&lt;script&gt;"), "{name} does not show the name: {page}");
        assert!(!page.contains("<title>pwned") && !page.contains("<script"), "{name}: a script ran");
        let refused = console
            .lines()
            .filter(|line| line.contains("Content Security Policy") || line.contains("Refused to"));
        assert_eq!(refused.collect::<Vec<_>>(), Vec::<&str>::new(), "{name}");
    }
}
