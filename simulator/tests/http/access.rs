//! The stand-in for Cloudflare Access: sign-in, tokens good and bad, certs, identities.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::server::Server;

/// As the worker does it: a key of the certs by `kid`, RS256, issuer and audience.
async fn verify(server: &Server, token: &str) -> Option<Value> {
    let url = format!("{}/cdn-cgi/access/certs", server.origin());
    let keys: JwkSet = server.client.get(url).send().await.unwrap().json().await.unwrap();
    let kid = jsonwebtoken::decode_header(token).ok()?.kid?;
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[server.text("audience")]);
    validation.set_issuer(&[server.origin()]);
    validation.validate_nbf = true;
    validation.leeway = 0;
    let key = DecodingKey::from_jwk(keys.find(&kid)?).unwrap();
    jsonwebtoken::decode::<Value>(token, &key, &validation).ok().map(|token| token.claims)
}

async fn token(server: &Server, request: Value) -> String {
    server.control(Method::POST, "/access/token", request).await["token"].as_str().unwrap().to_owned()
}

async fn identity(server: &Server, token: &str) -> Option<Value> {
    let url = format!("{}/cdn-cgi/access/get-identity", server.origin());
    let cookie = format!("other=1; CF_Authorization={token}");
    let by_cookie = server.client.get(&url).header(COOKIE, cookie).send().await.unwrap();
    let by_header = server.client.get(&url).header("cf-access-token", token).send().await.unwrap();
    assert_eq!(by_cookie.status(), by_header.status());
    if !by_cookie.status().is_success() {
        return None;
    }
    Some(by_cookie.json().await.unwrap())
}

fn login(server: &Server, hostname: &str, redirect: &str) -> String {
    format!(
        "{}/cdn-cgi/access/login/{hostname}?kid={}&redirect_url={redirect}",
        server.origin(),
        server.text("audience")
    )
}

async fn choose(server: &Server, url: &str, email: &str) -> Response {
    submit(server, url, format!("email={}", email.replace('@', "%40"))).await
}

async fn submit(server: &Server, url: &str, form: String) -> Response {
    let request = server.client.post(url).header("content-type", "application/x-www-form-urlencoded").body(form);
    request.send().await.unwrap()
}

#[tokio::test]
async fn a_person_signs_in_and_goes_back_to_the_application() {
    let server = Server::start(&[]);
    let url = login(&server, "127.0.0.1:8787", "%2Fresets%3Fopen%3Dtrue");
    let page = server.client.get(&url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self' http://127.0.0.1:8787;"));
    assert!(!policy.contains("unsafe"), "{policy}");
    let html = page.text().await.unwrap();
    assert!(html.contains("<html lang=\"en\">") && html.contains("<h1>Sign in</h1>") && !html.contains("<script"));
    let email = "amara.lindqvist@northwind.example";
    assert!(html.contains(&format!("value=\"{email}\"")));
    assert!(!html.contains("silvia.marchetti"), "who is disabled cannot sign in");

    let back = choose(&server, &url, email).await;
    assert_eq!(back.status(), 303);
    assert_eq!(back.headers()[LOCATION], "http://127.0.0.1:8787/resets?open=true");
    let cookie = back.headers()[SET_COOKIE].to_str().unwrap();
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{cookie}");
    let token = cookie.strip_prefix("CF_Authorization=").unwrap().split(';').next().unwrap();
    let claims = verify(&server, token).await.unwrap();
    assert_eq!((&claims["email"], &claims["type"]), (&json!(email), &json!("app")));
    assert_eq!(claims["aud"], json!([server.text("audience")]));
    for name in ["sub", "identity_nonce", "country"] {
        assert!(claims[name].is_string(), "{name}");
    }
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 86_400);
    assert_eq!(identity(&server, token).await.unwrap()["email"], json!(email));
}

#[tokio::test]
async fn groups_are_objects_as_a_directory_sends_them_or_texts_as_others_do() {
    let server = Server::start(&[]);
    let url = login(&server, "127.0.0.1:8787", "/");
    let html = server.client.get(&url).send().await.unwrap().text().await.unwrap();
    assert!(
        html.contains("name=\"groups\" value=\"objects\" checked") && html.contains("name=\"groups\" value=\"texts\"")
    );
    let groups = async |name: &str, form: &str| {
        let back = submit(&server, &url, format!("email={name}%40northwind.example{form}")).await;
        let cookie = back.headers()[SET_COOKIE].to_str().unwrap().to_owned();
        let token = cookie.strip_prefix("CF_Authorization=").unwrap().split(';').next().unwrap().to_owned();
        let groups = identity(&server, &token).await.unwrap()["groups"].clone();
        assert_eq!(verify(&server, &token).await.unwrap()["custom"]["groups"], groups, "the claim says the same");
        groups
    };
    let admins = json!({
        "id": "685cc582-7c85-5efd-8b0d-8ae8ca4206b7", "name": "treasury-admins", "email": "treasury-admins@northwind.example",
    });
    for form in ["", "&groups=objects"] {
        let told = groups("amara.lindqvist", form).await;
        assert_eq!((&told[0]["name"], &told[1]), (&json!("everyone"), &admins));
    }
    assert_eq!(groups("amara.lindqvist", "&groups=texts").await, json!(["everyone", "treasury-admins"]));
    let eli = groups("eli.brandt", "").await;
    assert_eq!(eli[2]["name"], admins["name"], "a name that anybody could have given");
    assert_ne!(eli[2]["id"], admins["id"]);
}

#[tokio::test]
async fn nobody_is_sent_anywhere_else() {
    let server = Server::start(&[]);
    let email = "amara.lindqvist@northwind.example";
    for (hostname, redirect) in [
        ("evil.example", "/"),
        ("127.0.0.1.evil.example:80", "/"),
        ("127.0.0.1:80%40evil.example", "/"),
        ("127.0.0.1:8787", "//evil.example"),
        ("127.0.0.1:8787", "%2F%5Cevil.example"),
        ("127.0.0.1:8787", "https://evil.example"),
        ("127.0.0.1:8787", "%2F%0d%0aSet-Cookie:a=b"),
    ] {
        let url = login(&server, hostname, redirect);
        assert_eq!(server.client.get(&url).send().await.unwrap().status(), 400, "{hostname} {redirect}");
        let answer = choose(&server, &url, email).await;
        assert_eq!((answer.status().as_u16(), answer.headers().get(SET_COOKIE)), (400, None), "{hostname} {redirect}");
    }
    let wrong_application = format!("{}/cdn-cgi/access/login/127.0.0.1:8787?kid=other", server.origin());
    assert_eq!(server.client.get(wrong_application).send().await.unwrap().status(), 400);
    let stranger = choose(&server, &login(&server, "127.0.0.1:8787", "/"), "mallory@evil.example").await;
    assert_eq!((stranger.status().as_u16(), stranger.headers().get(SET_COOKIE)), (403, None));
    let foreign_form = server
        .client
        .post(login(&server, "127.0.0.1:8787", "/"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("origin", "http://evil.example")
        .body("email=amara.lindqvist%40northwind.example");
    assert_eq!(foreign_form.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn signing_out_forgets_the_cookie() {
    let server = Server::start(&[]);
    let out = async |query: &str| {
        let url = format!("{}/cdn-cgi/access/logout{query}", server.origin());
        let answer = server.client.get(url).send().await.unwrap();
        assert!(answer.headers()[SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
        (answer.status().as_u16(), answer.headers().get(LOCATION).map(|to| to.to_str().unwrap().to_owned()))
    };
    assert_eq!(out("?returnTo=http://127.0.0.1:8787/").await, (303, Some("http://127.0.0.1:8787/".into())));
    assert_eq!(out("?returnTo=http://evil.example/").await, (200, None));
    assert_eq!(out("").await, (200, None));
}

#[tokio::test]
async fn tokens_for_tests_are_good_or_bad_as_asked() {
    let server = Server::start(&[]);
    let good = token(&server, json!({ "email": "a@b.example", "groups": ["g"], "custom": { "x": 1 } })).await;
    let claims = verify(&server, &good).await.unwrap();
    assert_eq!(claims["custom"], json!({ "x": 1 }));
    assert_eq!(identity(&server, &good).await.unwrap()["groups"], json!(["g"]));
    for groups in [json!([{ "id": "1", "name": "g" }, "h"]), json!("one text"), Value::Null] {
        let odd = token(&server, json!({ "email": "a@b.example", "groups": groups })).await;
        let expected = if groups.is_null() { json!([]) } else { groups };
        assert_eq!(identity(&server, &odd).await.unwrap()["groups"], expected);
    }

    let service = token(&server, json!({ "commonName": "client.access" })).await;
    let claims = verify(&server, &service).await.unwrap();
    assert_eq!(
        (&claims["common_name"], &claims["sub"], &claims["email"]),
        (&json!("client.access"), &json!(""), &Value::Null)
    );
    assert_eq!(identity(&server, &service).await, None);

    for bad in [
        json!({ "alg": "none" }),
        json!({ "alg": "HS256" }),
        json!({ "alg": "RS512" }),
        json!({ "forged": true }),
        json!({ "kid": "unknown" }),
        json!({ "aud": "other" }),
        json!({ "aud": ["other", "another"] }),
        json!({ "iss": "http://127.0.0.1:1" }),
        json!({ "expiresIn": -5 }),
        json!({ "notBefore": 60 }),
    ] {
        let mut request = bad.clone();
        request["email"] = json!("a@b.example");
        let token = token(&server, request).await;
        assert_eq!(token.split('.').count(), 3);
        assert_eq!(verify(&server, &token).await, None, "{bad}");
        // The identity endpoint goes by the signature: an unknown kid alone does not fool or bother it.
        assert_eq!(identity(&server, &token).await.is_some(), bad == json!({ "kid": "unknown" }), "{bad}");
    }
    assert_eq!(identity(&server, "").await, None);
}

#[tokio::test]
async fn keys_rotate_and_the_old_ones_stay_until_they_are_dropped() {
    let mut server = Server::start(&[]);
    let old = token(&server, json!({ "email": "a@b.example" })).await;
    server.control(Method::POST, "/access/rotate", Value::Null).await;
    let new = token(&server, json!({ "email": "a@b.example" })).await;
    let kid = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    assert_ne!(kid(&old), kid(&new));
    assert!(verify(&server, &old).await.is_some() && verify(&server, &new).await.is_some());
    let by_old_key = token(&server, json!({ "kid": kid(&old) })).await;
    assert!(verify(&server, &by_old_key).await.is_some());

    let url = format!("{}/cdn-cgi/access/certs", server.origin());
    let certs: Value = server.client.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!((certs["keys"].as_array().unwrap().len(), certs["public_certs"].as_array().unwrap().len()), (2, 2));
    assert!(certs["public_cert"]["cert"].as_str().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(!certs.to_string().contains("PRIVATE"));

    server.control(Method::POST, "/access/rotate", json!({ "dropOld": true })).await;
    assert_eq!(verify(&server, &new).await, None);
    let newest = kid(&token(&server, json!({})).await);
    server.restart();
    assert_eq!(kid(&token(&server, json!({})).await), newest, "keys survive a restart");
}
