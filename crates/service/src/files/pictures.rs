//! Pictures of people: whatever was sent becomes two small squares of our own making. Nothing of the original survives but
//! its pixels: no metadata, no place, no trailing bytes.

use aivalid_model::{Error, Result, check::Problem, files::FileKind};
use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits, RgbImage,
    codecs::jpeg::JpegEncoder,
    imageops::{FilterType, resize},
    metadata::Orientation,
};
use std::{io::Cursor, sync::Arc};
use tokio::sync::Semaphore;

/// Width and height of the larger one, in pixels.
pub const LARGE_PIXELS: u32 = 256;
/// Of the smaller one.
pub const SMALL_PIXELS: u32 = 64;

/// The widest and highest picture that is looked at.
const MAX_SIDE: u32 = 10_000;
/// Memory that reading one picture may take: enough for 33 million pixels.
const MAX_MEMORY: u64 = 100 * 1024 * 1024;
/// Pictures that are worked on at the same time; others wait.
const AT_ONCE: usize = 2;
const QUALITY: u8 = 85;

/// Both sizes, as JPEG.
pub(crate) struct Squares {
    pub large: Vec<u8>,
    pub small: Vec<u8>,
}

/// Where pictures are worked on: few at a time, off the threads that answer requests.
#[derive(Clone)]
pub struct PictureDesk(Arc<Semaphore>);

impl Default for PictureDesk {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl PictureDesk {
    /// Makes both squares of a picture; `field` is what a problem is about.
    pub(crate) async fn squares(&self, field: &'static str, picture: Vec<u8>) -> Result<Squares> {
        let Ok(_place) = self.0.acquire().await else { return Err(Error::Internal) };
        let work = tokio::task::spawn_blocking(move || squares(&picture));
        work.await.map_err(|_| Error::Internal)?.map_err(|problem| Error::field(field, problem))
    }
}

fn squares(picture: &[u8]) -> Result<Squares, Problem> {
    let square = upright_square(picture)?;
    let large = resize(&square, LARGE_PIXELS, LARGE_PIXELS, FilterType::Lanczos3);
    let small = resize(&large, SMALL_PIXELS, SMALL_PIXELS, FilterType::Lanczos3);
    Ok(Squares { large: jpeg(&large)?, small: jpeg(&small)? })
}

/// The middle of a picture, as its camera says that it stands.
fn upright_square(picture: &[u8]) -> Result<RgbImage, Problem> {
    let format = match FileKind::of(picture) {
        Some(FileKind::Jpeg) => image::ImageFormat::Jpeg,
        Some(FileKind::Png) => image::ImageFormat::Png,
        Some(FileKind::Webp) => image::ImageFormat::WebP,
        Some(FileKind::Pdf) | None => return Err(Problem::FileType),
    };
    let unreadable = |error: image::ImageError| {
        tracing::debug!(%error, "a picture can't be read");
        Problem::Unreadable
    };
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height, limits.max_alloc) = (Some(MAX_SIDE), Some(MAX_SIDE), Some(MAX_MEMORY));
    let mut reader = ImageReader::with_format(Cursor::new(picture), format);
    reader.limits(limits.clone());
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    // What a header promises is refused before any memory is taken for it.
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 || decoder.total_bytes() > MAX_MEMORY {
        return Err(Problem::Unreadable);
    }
    limits.check_dimensions(width, height).map_err(unreadable)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    let side = width.min(height);
    let square = image.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    drop(image);
    // Turning a small picture is cheaper than turning a large one.
    let mut square = square.thumbnail(side.min(1024), side.min(1024));
    square.apply_orientation(orientation);
    Ok(on_white(&square))
}

/// JPEG has no transparency: what shines through is white.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let rgba = image.to_rgba8();
    let mut out = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in out.pixels_mut().zip(rgba.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        let mixed = |colour: u32| u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255);
        to.0 = [mixed(red), mixed(green), mixed(blue)];
    }
    out
}

fn jpeg(image: &RgbImage) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::with_capacity(16 * 1024);
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(image).map_err(|_| Problem::Unreadable)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::{ImageFormat, Rgba, RgbaImage};

    fn written(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(vec![]);
        image.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    /// Left half red, right half blue, with a green stripe on top.
    fn flag(width: u32, height: u32) -> DynamicImage {
        DynamicImage::from(RgbImage::from_fn(width, height, |x, y| {
            image::Rgb(match (y < height / 4, x < width / 2) {
                (true, _) => [0, 200, 0],
                (false, true) => [200, 0, 0],
                (false, false) => [0, 0, 200],
            })
        }))
    }

    fn pixel(jpeg: &[u8], x: u32, y: u32) -> [u8; 3] {
        image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap().to_rgb8().get_pixel(x, y).0
    }

    fn near(have: [u8; 3], want: [u8; 3]) -> bool {
        have.iter().zip(want).all(|(have, want)| have.abs_diff(want) < 40)
    }

    #[test]
    fn every_kind_becomes_two_squares_cut_from_the_middle() {
        for (format, width, height) in [(ImageFormat::Png, 900, 300), (ImageFormat::WebP, 300, 700), (ImageFormat::Jpeg, 40, 41)] {
            let squares = squares(&written(&flag(width, height), format)).unwrap();
            for (jpeg, side) in [(&squares.large, 256), (&squares.small, 64)] {
                let image = image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap();
                assert_eq!((image.width(), image.height()), (side, side), "{format:?}");
                assert!(near(pixel(jpeg, 3, side - 3), [200, 0, 0]) && near(pixel(jpeg, side - 3, side - 3), [0, 0, 200]), "{format:?}");
            }
        }
    }

    #[test]
    fn transparency_becomes_white() {
        let clear = DynamicImage::from(RgbaImage::from_pixel(50, 50, Rgba([0, 0, 0, 0])));
        let squares = squares(&written(&clear, ImageFormat::Png)).unwrap();
        assert!(near(pixel(&squares.large, 128, 128), [255, 255, 255]));
    }

    /// A camera that was held upright says so in EXIF, whose only entry here is the orientation.
    fn turned(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let exif = [
            &b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..],
            &[orientation],
            b"\0\0\0\0\0\0",
            b"SECRET PLACE -6.2 106.8",
        ]
        .concat();
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
    }

    #[test]
    fn pictures_stand_upright_and_lose_their_metadata() {
        let jpeg = turned(&written(&flag(200, 200), ImageFormat::Jpeg), 6);
        let squares = squares(&jpeg).unwrap();
        assert!(near(pixel(&squares.large, 250, 128), [0, 200, 0]), "the stripe that was on top is on the right");
        for out in [&squares.large, &squares.small] {
            assert!(!out.windows(4).any(|part| part == b"Exif") && !out.windows(6).any(|part| part == b"SECRET"));
        }
    }

    /// A PNG whose header promises much and whose data are a few bytes.
    fn bomb(width: u32, height: u32) -> Vec<u8> {
        let mut png = written(&flag(1, 1), ImageFormat::Png);
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&crc.to_be_bytes());
        png
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
        })
    }

    #[test]
    fn bombs_are_refused() {
        for (width, height) in [(60_000, 60_000), (100_000, 1), (1, 100_000), (9_999, 9_999), (u32::MAX >> 1, u32::MAX >> 1), (0, 5)] {
            assert_eq!(squares(&bomb(width, height)).err(), Some(Problem::Unreadable), "{width}x{height}");
        }
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for (bytes, problem) in [
            (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], Problem::FileType),
            (b"GIF89a\x01\0\x01\0", Problem::FileType),
            (b"%PDF-1.7\n", Problem::FileType),
            (b"", Problem::FileType),
            (b"\xFF\xD8\xFF\xE0 and then nothing", Problem::Unreadable),
            (b"\x89PNG\r\n\x1A\n", Problem::Unreadable),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Problem::Unreadable),
        ] {
            assert_eq!(squares(bytes).err(), Some(problem), "{bytes:?}");
        }
        let whole = written(&flag(64, 64), ImageFormat::Png);
        assert_eq!(squares(&whole[..whole.len() / 2]).err(), Some(Problem::Unreadable));
    }

    #[test]
    fn what_hangs_on_a_picture_is_gone() {
        let polyglot = [&written(&flag(64, 64), ImageFormat::Png)[..], b"<script>alert(1)</script>"].concat();
        let squares = squares(&polyglot).unwrap();
        assert!(!squares.large.windows(7).any(|part| part == b"<script"));
    }
}
