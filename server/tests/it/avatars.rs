//! Pictures of people.

use crate::{
    client::{Answer, Client},
    harness::{World, thread},
    upload::{jpeg, multipart, pdf},
};
use axum::http::Method;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::Value;
use std::io::Cursor;

const PATH: &str = "/api/account/avatar";

/// A picture of one colour.
fn picture(format: ImageFormat, width: u32, height: u32, colour: [u8; 3]) -> Vec<u8> {
    let mut out = Cursor::new(vec![]);
    DynamicImage::from(RgbImage::from_pixel(width, height, Rgb(colour))).write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn blue() -> Vec<u8> {
    picture(ImageFormat::Png, 400, 300, [10, 20, 200])
}

async fn set(client: &Client, content: &[u8]) -> Answer {
    client.upload(PATH, &[("avatar", Some("foto.png"), content)]).await
}

/// The address after setting a picture.
async fn address(client: &Client, content: &[u8]) -> String {
    set(client, content).await.ok(200)["data"]["avatarUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_picture_becomes_two_small_squares_that_everyone_sees() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let anon = world.anon();
    for (format, colour) in [(ImageFormat::Png, [200, 0, 0]), (ImageFormat::Jpeg, [0, 200, 0]), (ImageFormat::WebP, [0, 0, 200])] {
        let url = address(&dewi, &picture(format, 640, 480, colour)).await;
        for (url, side) in [(url.clone(), 256), (format!("{url}-64"), 64)] {
            let answer = anon.get(&url).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            assert_eq!(answer.header("content-type"), "image/jpeg");
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert!(answer.set_cookies().is_empty(), "what everyone keeps brings nobody's cookies");
            let image = image::load_from_memory_with_format(&answer.body, ImageFormat::Jpeg).unwrap().to_rgb8();
            assert_eq!((image.width(), image.height()), (side, side));
            assert!(image.get_pixel(side / 2, side / 2).0.iter().zip(colour).all(|(have, want)| have.abs_diff(want) < 12));
        }
    }
    dewi.create("/api/threads", thread("Utas")).await;
    let author = anon.get("/api/threads/1").await.ok(200)["data"]["author"]["avatarUrl"].clone();
    assert_eq!(author, dewi.get("/api/user/me").await.ok(200)["data"]["avatarUrl"]);
    assert!(anon.get("/user/dewi_l").await.page(200).contains(author.as_str().unwrap()));
}

#[tokio::test]
async fn the_address_changes_with_the_picture_and_the_old_one_goes() {
    let world = World::new().await;
    let (dewi, bima) = (world.user("dewi_l").await, world.user("bima").await);
    let first = address(&dewi, &blue()).await;
    assert_eq!(address(&dewi, &blue()).await, first, "the same picture has the same address");
    assert_ne!(address(&bima, &blue()).await, first, "another's never does");
    let second = address(&dewi, &picture(ImageFormat::Png, 50, 50, [1, 2, 3])).await;
    assert_ne!(first, second);
    assert_eq!(world.anon().get(&first).await.status, 404);
    assert_eq!(world.content_files("avatar"), 8, "content goes with the job, not at once");
    while world.app.service.sweep_files().await.unwrap() > 0 {}
    assert_eq!(world.content_files("avatar"), 4);
    assert_eq!(world.anon().get(&second).await.status, 200);
    assert_eq!(dewi.delete(PATH).await.ok(200)["data"]["avatarUrl"], Value::Null);
    assert_eq!(dewi.delete(PATH).await.ok(200)["data"]["avatarUrl"], Value::Null, "again, nothing happens");
    world.app.service.sweep_files().await.unwrap();
    assert_eq!(world.content_files("avatar"), 2);
}

#[tokio::test]
async fn what_is_no_picture_is_refused() {
    let world = World::with(&[("RATE_LIMIT_FACTOR", "100")]).await;
    let dewi = world.user("dewi_l").await;
    let whole = blue();
    for (content, problem) in [
        (&b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"[..], "file_type"),
        (b"<?xml version=\"1.0\"?><svg/>", "file_type"),
        (b"GIF89a\x01\0\x01\0\0\0\0;", "file_type"),
        (b"<html><script>alert(1)</script>", "file_type"),
        (&pdf("x"), "file_type"),
        (b"MZ\x90\0", "file_type"),
        (&jpeg("not really"), "unreadable"),
        (&whole[..whole.len() / 2], "unreadable"),
        (b"", "required"),
    ] {
        assert_eq!(set(&dewi, content).await.bad_fields(), [format!("avatar: {problem}")], "{content:?}");
    }
    assert_eq!(dewi.get("/api/user/me").await.ok(200)["data"]["avatarUrl"], Value::Null);
    while world.app.service.sweep_files().await.unwrap() > 0 {}
    assert_eq!(world.content_files("avatar"), 0);
}

#[tokio::test]
async fn bombs_are_refused_before_they_go_off() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    // 30,000 by 30,000 in one colour: a few megabytes as PNG would be 2.7 GB in memory. Here the header alone promises it.
    let mut png = picture(ImageFormat::Png, 1, 1, [0, 0, 0]);
    png[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let crc = !png[12..29].iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    });
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert_eq!(set(&dewi, &png).await.bad_fields(), ["avatar: unreadable"]);
}

#[tokio::test]
async fn more_than_five_megabytes_are_refused() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let large = [blue(), vec![0; 5 * 1024 * 1024]].concat();
    assert_eq!(set(&dewi, &large).await.bad_fields(), ["avatar: file_too_large"]);
    let huge = [blue(), vec![0; 26 * 1024 * 1024]].concat();
    let answer = set(&dewi, &huge).await;
    assert!(answer.status == 413 || answer.bad_fields() == ["avatar: file_too_large"], "{answer:?}");
}

#[tokio::test]
async fn forms_that_are_none() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let json = dewi.ask(Method::POST, PATH).typed("application/json", "{}").send().await;
    json.refused(415, "UNSUPPORTED_MEDIA_TYPE");
    dewi.ask(Method::POST, PATH).typed("multipart/form-data", "x").send().await.refused(400, "BAD_REQUEST");
    dewi.ask(Method::POST, PATH).typed("multipart/form-data; boundary=a", "--a\r\nnonsense").send().await.refused(400, "BAD_REQUEST");
    let cut = multipart(&[("avatar", Some("a.png"), &blue())]);
    let cut = cut[..cut.len() - 40].to_vec();
    let boundary = "multipart/form-data; boundary=----aivalid7MA4YWxk";
    dewi.ask(Method::POST, PATH).typed(boundary, cut).send().await.refused(400, "BAD_REQUEST");
    assert_eq!(dewi.upload(PATH, &[]).await.bad_fields(), ["avatar: required"]);
    assert_eq!(dewi.upload(PATH, &[("role", None, b"admin")]).await.bad_fields(), ["role: unknown_field"]);
    world.anon().upload(PATH, &[("avatar", Some("a.png"), &blue())]).await.refused(401, "UNAUTHENTICATED");
    world.anon().delete(PATH).await.refused(401, "UNAUTHENTICATED");
}

#[tokio::test]
async fn addresses_of_pictures_that_are_none() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let url = address(&dewi, &blue()).await;
    let name = url.rsplit('/').next().unwrap().to_owned();
    for bad in
        ["x", "..%2f..%2fetc%2fpasswd", "%2e%2e", &name[1..], &name.to_uppercase(), &format!("{name}-128"), &format!("{name}-64-64"), "%00"]
    {
        let answer = world.anon().get(&format!("/media/avatars/{bad}")).await;
        assert!(answer.status == 404 && answer.header("cache-control") == "no-store", "{bad}: {answer:?}");
    }
}

#[tokio::test]
async fn changed_content_is_never_shown() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let url = address(&dewi, &blue()).await;
    world.change_contents("avatar", |content| {
        let middle = content.len() / 2;
        content[middle] ^= 1;
    });
    let response =
        tower::ServiceExt::oneshot(world.app.router.clone(), axum::http::Request::get(&url).body(axum::body::Body::empty()).unwrap());
    assert_eq!(response.await.unwrap().status(), 500);
}

#[tokio::test]
async fn the_form_works_without_scripts() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await.in_browser().await;
    let done = dewi.upload("/account/avatar", &[("avatar", Some("foto.png"), &blue())]).await;
    assert_eq!((done.status, done.header("location")), (303, "/account"), "{done:?}");
    let page = dewi.get("/account").await;
    assert!(page.page(200).contains("/media/avatars/") && page.text().contains("Foto profil dipasang."));
    let refused = dewi.upload("/account/avatar", &[("avatar", Some("foto.png"), b"<svg/>")]).await;
    assert!(refused.page(422).contains("Jenis berkas ini tidak diterima di sini."));
    let empty = dewi.upload("/account/avatar", &[("avatar", Some(""), b"")]).await;
    assert!(empty.page(422).contains("Wajib diisi."));
    let removed = dewi.upload("/account/avatar", &[("remove", None, b"yes")]).await;
    assert_eq!((removed.status, removed.header("location")), (303, "/account"));
    assert!(!dewi.get("/account").await.page(200).contains("/media/avatars/"));
    let foreign = dewi.ask(Method::POST, "/account/avatar").origin(Some("https://jahat.example"));
    let body = multipart(&[("remove", None, b"yes")]);
    let foreign = foreign.typed("multipart/form-data; boundary=----aivalid7MA4YWxk", body).send().await;
    assert_eq!(foreign.status, 403, "{foreign:?}");
}

#[tokio::test]
async fn an_island_is_told_where_to_go_and_uses_no_message_up() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await.in_browser().await;
    let send = async |content: &[u8]| {
        let form = multipart(&[("avatar", Some("foto.png"), content)]);
        let ask = dewi.ask(Method::POST, "/account/avatar").header("x-form", "script");
        ask.typed("multipart/form-data; boundary=----aivalid7MA4YWxk", form).send().await
    };
    let done = send(&blue()).await;
    assert_eq!((done.status, done.header("location")), (204, "/account"), "{done:?}");
    assert!(dewi.get("/account").await.page(200).contains("Foto profil dipasang."), "the message waits for the page");
    let refused = send(b"<svg/>").await;
    assert!(refused.page(422).contains("Jenis berkas ini tidak diterima di sini."), "an answer with the form is the same page");
}

/// What opens the account menu.
fn menu(page: &str) -> &str {
    page.split_once("<summary class=\"btn btn-ghost btn-icon\">").unwrap().1.split_once("</summary>").unwrap().0
}

#[tokio::test]
async fn the_menu_shows_the_picture_at_once_in_every_browser() {
    let world = World::new().await;
    let dewi = world.user("dewi_l").await;
    let (phone, laptop) = (dewi.in_browser().await, dewi.in_browser().await);
    for browser in [&phone, &laptop] {
        assert!(menu(browser.get("/about").await.page(200)).contains(">DE</span>"));
    }
    let first = address(&dewi, &blue()).await;
    for browser in [&phone, &laptop] {
        assert!(menu(browser.get("/about").await.page(200)).contains(&format!("src=\"{first}-64\"")));
    }
    let second = address(&dewi, &picture(ImageFormat::Png, 50, 50, [1, 2, 3])).await;
    assert!(menu(laptop.get("/about").await.page(200)).contains(&second));
    phone.upload("/account/avatar", &[("remove", None, b"yes")]).await;
    assert!(!menu(laptop.get("/about").await.page(200)).contains("<img"));
    phone.form("/account", &[("fullName", "Dewi Lestari"), ("username", "dewi_l")]).await;
    assert!(menu(laptop.get("/about").await.page(200)).contains(">DL</span>"), "initials are the same as everywhere");
}
