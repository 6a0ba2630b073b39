//! The folder of the state: its lock, and the API secret key as Fireblocks' users keep theirs, in a PEM file.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use aws_lc_rs::rsa::KeySize;

use crate::crypto::rsa_key::RsaKey;

/// The folder, held by this process alone for as long as this lives.
pub struct DataFolder {
    path: PathBuf,
    _lock: File,
}

impl DataFolder {
    /// Opens the folder, made new where there is none, readable by its owner alone.
    pub fn open(path: &Path) -> Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .with_context(|| format!("cannot make the folder {}", path.display()))?;
        let path = path.canonicalize().with_context(|| format!("cannot read the folder {}", path.display()))?;
        let lock = private_file(&path.join("lock"), OpenOptions::new().create(true).truncate(false))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path, _lock: lock }),
            Err(TryLockError::WouldBlock) => {
                bail!("another simulator is using {}: stop it, or choose another folder with --data", path.display())
            }
            Err(TryLockError::Error(error)) => Err(anyhow!(error).context("cannot lock the data folder")),
        }
    }

    /// Where the state is. Made here so that nobody else can read it.
    pub fn state_file(&self) -> Result<PathBuf> {
        let path = self.path.join("state.sqlite");
        private_file(&path, OpenOptions::new().create(true).truncate(false))?;
        Ok(path)
    }

    /// Where the API secret key is.
    pub fn secret_key_file(&self) -> PathBuf {
        self.path.join("fireblocks_secret.key")
    }

    /// The API secret key: an RSA-4096 pair, made on first start.
    pub fn secret_key(&self) -> Result<RsaKey> {
        let path = self.secret_key_file();
        if path.exists() {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            return RsaKey::from_pem(&text)
                .with_context(|| format!("{} cannot be used: delete it to have a new one made", path.display()));
        }
        eprintln!("making the API key pair (RSA-4096), once");
        let key = RsaKey::generate(KeySize::Rsa4096)?;
        // A whole file or none: a killed first start must not leave half a key.
        let half = path.with_extension("part");
        private_file(&half, OpenOptions::new().create(true).truncate(true))?
            .write_all(key.private_key.as_bytes())
            .with_context(|| format!("cannot write {}", half.display()))?;
        fs::rename(&half, &path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(key)
    }
}

fn private_file(path: &Path, options: &mut OpenOptions) -> Result<File> {
    let file =
        options.write(true).mode(0o600).open(path).with_context(|| format!("cannot write {}", path.display()))?;
    file.set_permissions(fs::Permissions::from_mode(0o600))
        .with_context(|| format!("cannot protect {}", path.display()))?;
    Ok(file)
}
