//! What goes wrong around a ledger ends in a clear message, and nothing is lost.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use annalist_ledger::Ledger;

fn command(ledger: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_annalist"));
    command.args(arguments).env("ANNALIST_LEDGER", ledger).stdin(Stdio::null());
    command
}

fn annalist(ledger: &Path, arguments: &[&str]) -> Output {
    command(ledger, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A file of short reports, one a line.
fn reports(folder: &Path, name: &str, count: usize) -> String {
    let line = |i: usize| {
        serde_json::json!({"title": format!("Ferry {i}"), "outlet": "Elva Press", "date": "2026-03-12",
            "text": format!("Ferry {i} left Elva on Thursday, harbour master Ines Okabe said.")})
        .to_string()
    };
    let path = folder.join(name);
    fs::write(&path, (0..count).map(|i| line(i) + "\n").collect::<String>()).unwrap();
    path.display().to_string()
}

fn sound(ledger: &Path) -> u64 {
    let ledger = Ledger::open(ledger).unwrap();
    ledger.check().unwrap();
    ledger.reports().unwrap()
}

#[test]
fn two_that_add_at_once_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    let (one, other) = (reports(folder.path(), "one.jsonl", 12), reports(folder.path(), "other.jsonl", 16));
    let mut both: Vec<_> = [&one, &other]
        .iter()
        .map(|input| command(&path, &["add", input]).stdout(Stdio::null()).spawn().unwrap())
        .collect();
    // Meanwhile others ask, and are answered from whole reports.
    let (mut asked, mut seen) = (0, 0);
    while both.iter_mut().any(|child| child.try_wait().unwrap().is_none()) {
        if path.exists() {
            let ledger = Ledger::open(&path).unwrap();
            let (reports, statements) =
                (ledger.reports().unwrap(), ledger.statements(&annalist_ledger::Filter::default()).unwrap());
            assert!(reports >= seen, "{reports} after {seen}");
            assert!(statements.len() as u64 >= reports, "a report without its statement");
            (asked, seen) = (asked + 1, reports);
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(both.iter_mut().all(|child| child.wait().unwrap().success()));
    assert!(asked > 0);
    assert_eq!(sound(&path), 16);
}

#[test]
fn a_disk_without_room_is_told_and_what_was_added_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    let few = reports(folder.path(), "few.jsonl", 2);
    assert!(annalist(&path, &["add", &few]).status.success());
    let many = reports(folder.path(), "many.jsonl", 30);
    // No file may grow past this, as on a disk that is full; in blocks of 512 bytes.
    let blocks = fs::metadata(&path).unwrap().len() / 512 + 60;
    let limited = Command::new("sh")
        .args([
            "-c",
            &format!("trap '' XFSZ; ulimit -f {blocks} || exit 77; exec \"$@\""),
            "sh",
            env!("CARGO_BIN_EXE_annalist"),
            "add",
            &many,
        ])
        .env("ANNALIST_LEDGER", &path)
        .output()
        .unwrap();
    if limited.status.code() == Some(77) {
        return;
    }
    let told = text(&limited.stderr);
    assert_eq!(limited.status.code(), Some(2), "{told}");
    assert!(told.contains("room") && told.contains("what was added before is kept"), "{told}");
    let kept = sound(&path);
    assert!((2..30).contains(&kept), "{kept}");
    assert!(annalist(&path, &["add", &many]).status.success());
    assert_eq!(sound(&path), 30);
}

#[test]
fn a_full_file_system_is_told_and_what_was_added_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let small = folder.path().join("small");
    fs::create_dir(&small).unwrap();
    // Only the superuser can make one, and not everywhere.
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
        .arg(&small)
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        return;
    }
    struct Unmount<'p>(&'p Path);
    impl Drop for Unmount<'_> {
        fn drop(&mut self) {
            let _ = Command::new("umount").arg(self.0).status();
        }
    }
    let unmount = Unmount(&small);
    let path = small.join("annals.db");
    let many = reports(folder.path(), "many.jsonl", 120);
    let full = annalist(&path, &["add", &many]);
    let told = text(&full.stderr);
    assert_eq!(full.status.code(), Some(2), "{told}");
    assert!(told.contains("there is no room left on its disk"), "{told}");
    let kept = sound(&path);
    assert!(kept < 120, "{kept}");
    // With room, it goes on.
    assert!(Command::new("mount").args(["-o", "remount,size=64m"]).arg(&small).status().unwrap().success());
    assert!(annalist(&path, &["add", &many]).status.success());
    assert_eq!(sound(&path), 120);
    drop(unmount);
}

#[test]
fn a_file_that_may_only_be_read_answers_and_is_not_written() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    let few = reports(folder.path(), "few.jsonl", 2);
    assert!(annalist(&path, &["add", &few]).status.success());
    let modes = |file: u32, directory: u32| {
        fs::set_permissions(&path, fs::Permissions::from_mode(file)).unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(directory)).unwrap();
    };
    modes(0o444, 0o555);
    // The superuser may write everything: take the command's rights away.
    let writable = fs::OpenOptions::new().append(true).open(&path).is_ok();
    let run = |arguments: &[&str]| {
        let mut command = match writable {
            true => {
                let mut command = Command::new("setpriv");
                command.args(["--reuid=65534", "--regid=65534", "--clear-groups", env!("CARGO_BIN_EXE_annalist")]);
                command
            }
            false => Command::new(env!("CARGO_BIN_EXE_annalist")),
        };
        command.args(arguments).env("ANNALIST_LEDGER", &path).stdin(Stdio::null()).output()
    };
    let asked = run(&["statements", "--format", "jsonl"]);
    let added = run(&["add", &few]);
    modes(0o644, 0o755);
    let (Ok(asked), Ok(added)) = (asked, added) else { return };
    if writable && (asked.status.code() == Some(127) || asked.status.code() == Some(126)) {
        return;
    }
    assert!(asked.status.success(), "{}", text(&asked.stderr));
    assert!(text(&asked.stdout).contains("left Elva on Thursday"), "{}", text(&asked.stdout));
    assert_eq!(added.status.code(), Some(2));
    assert!(
        text(&added.stderr).contains("may not be written; change its and its folder's permissions"),
        "{}",
        text(&added.stderr)
    );
    assert_eq!(sound(&path), 2);
}

#[test]
fn a_newer_form_and_a_damaged_file_are_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("annals.db");
    let few = reports(folder.path(), "few.jsonl", 2);
    assert!(annalist(&path, &["add", &few]).status.success());
    let whole = fs::read(&path).unwrap();
    let refused = |bytes: Vec<u8>, said: &str| {
        fs::write(&path, &bytes).unwrap();
        for arguments in [&["add", few.as_str()][..], &["timeline"], &["reread"], &["brief"]] {
            let told = annalist(&path, arguments);
            assert_eq!(told.status.code(), Some(2), "{arguments:?}: {}", text(&told.stderr));
            assert!(text(&told.stderr).contains(said), "{arguments:?}: {}", text(&told.stderr));
            assert!(fs::read(&path).unwrap() == bytes, "{arguments:?} changed it");
        }
    };
    // SQLite's header: `user_version` is a big-endian number at byte 60.
    let mut newer = whole.clone();
    newer[60..64].copy_from_slice(&99u32.to_be_bytes());
    refused(newer, "was written by a newer Annalist (form 99");
    let mut damaged = whole.clone();
    damaged[100..].fill(0x5a);
    refused(damaged, "is damaged");
    refused(whole[..whole.len() / 3].to_vec(), "is damaged");
    fs::write(&path, &whole).unwrap();
    assert_eq!(sound(&path), 2);
}
