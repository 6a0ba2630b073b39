//! The keys that Access signs with, and their certs.

use anyhow::{Context as _, Result};
use aws_lc_rs::rsa::KeySize;
use axum::Json;
use axum::extract::State;
use jsonwebtoken::jwk::{Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use rcgen::{CertificateParams, DnType, KeyPair};
use rusqlite::{Connection, params};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::Millis;
use crate::crypto::digest;
use crate::crypto::rsa_key::RsaKey;
use crate::server::json::Refused;
use crate::simulator::Sim;

/// One key of the team.
pub struct SigningKey {
    /// Its id in token headers and certs.
    pub kid: String,
    /// PKCS#8 PEM.
    pub private_key: String,
    certificate: String,
}

impl SigningKey {
    /// For signing.
    pub fn encoding_key(&self) -> Result<EncodingKey> {
        Ok(EncodingKey::from_rsa_pem(self.private_key.as_bytes())?)
    }

    /// For verifying.
    pub fn decoding_key(&self) -> Result<DecodingKey> {
        Ok(DecodingKey::from_jwk(&self.jwk()?)?)
    }

    fn jwk(&self) -> Result<Jwk> {
        let mut jwk = Jwk::from_encoding_key(&self.encoding_key()?, Algorithm::RS256)?;
        jwk.common.key_id = Some(self.kid.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);
        jwk.common.key_operations = None::<Vec<KeyOperations>>;
        Ok(jwk)
    }
}

/// All keys, the newest first: it is the one that signs.
pub fn all(conn: &Connection) -> Result<Vec<SigningKey>> {
    let mut statement =
        conn.prepare_cached("SELECT kid, private_key, certificate FROM access_keys ORDER BY created_at DESC, kid")?;
    let keys = statement
        .query_map([], |row| Ok(SigningKey { kid: row.get(0)?, private_key: row.get(1)?, certificate: row.get(2)? }))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(keys)
}

/// Makes a key where there is none.
pub fn ensure_one(conn: &Connection, now: Millis) -> Result<()> {
    if all(conn)?.is_empty() {
        insert(conn, &generate()?, now)?;
    }
    Ok(())
}

fn generate() -> Result<SigningKey> {
    let key = RsaKey::generate(KeySize::Rsa2048)?;
    let pair = KeyPair::from_pem(&key.private_key)?;
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, "local sign-in of the simulator");
    let certificate = parameters.self_signed(&pair)?.pem();
    Ok(SigningKey { kid: digest::sha256_hex(&key.public_key), private_key: key.private_key, certificate })
}

fn insert(conn: &Connection, key: &SigningKey, now: Millis) -> Result<()> {
    // A key made in the same millisecond as the last must still be the newest.
    conn.execute(
        "INSERT INTO access_keys (kid, created_at, private_key, certificate)
         VALUES (?1, max(?2, (SELECT coalesce(max(created_at), 0) + 1 FROM access_keys)), ?3, ?4)",
        params![key.kid, now, key.private_key, key.certificate],
    )?;
    Ok(())
}

/// `GET /cdn-cgi/access/certs`: as Access serves them.
pub async fn certs(State(simulator): Sim) -> Result<Json<Value>, Refused> {
    let keys = simulator.transact(|conn, _| all(conn))?;
    let newest = keys.first().context("there is no signing key")?;
    let cert = |key: &SigningKey| json!({ "kid": key.kid, "cert": key.certificate });
    let jwks = keys.iter().map(SigningKey::jwk).collect::<Result<Vec<_>>>()?;
    Ok(Json(json!({
        "keys": jwks,
        "public_cert": cert(newest),
        "public_certs": keys.iter().map(cert).collect::<Vec<_>>(),
    })))
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Rotation {
    drop_old: bool,
}

/// `POST /_control/access/rotate`: a new signing key; the old ones stay in the certs unless they are dropped.
pub async fn rotate(State(simulator): Sim, body: Option<Json<Rotation>>) -> Result<Json<Value>, Refused> {
    let Rotation { drop_old } = body.map(|Json(rotation)| rotation).unwrap_or_default();
    let key = tokio::task::spawn_blocking(generate).await.map_err(anyhow::Error::from)??;
    simulator.transact(|conn, now| {
        if drop_old {
            conn.execute("DELETE FROM access_keys", [])?;
        }
        insert(conn, &key, now)
    })?;
    Ok(Json(json!({ "kid": key.kid })))
}
