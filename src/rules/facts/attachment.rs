//! Files that came with the message.

use md5::Md5;
use sha1::{Digest, Sha1};

use crate::message::Attachment;
use crate::rules::evaluate::{Value, file};

/// The short name of a media type, as rules have it.
fn short(media_type: &str) -> &str {
    match media_type {
        "image/jpeg" => "jpg",
        "image/tiff" => "tif",
        "image/svg+xml" => "svg",
        "image/vnd.microsoft.icon" => "ico",
        "image/heif" => "heif",
        "application/gzip" => "gz",
        "application/x-tar" => "tar",
        "application/vnd.rar" => "rar",
        "application/x-7z-compressed" => "7z",
        "application/x-bzip2" => "bz2",
        "application/x-xz" => "xz",
        "application/vnd.ms-cab-compressed" => "cab",
        "application/x-iso9660-image" => "iso",
        "application/vnd.microsoft.portable-executable" => "exe",
        "application/x-executable" => "elf",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.ms-powerpoint" => "ppt",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/rtf" => "rtf",
        "text/x-shellscript" => "sh",
        "audio/mpeg" => "mp3",
        "audio/x-wav" => "wav",
        other => other.rsplit_once('/').map_or(other, |(_, name)| name.trim_start_matches("x-")),
    }
}

/// Bytes in hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest that is computed only where a rule asks for it: others may make files of their own with the same.
fn digest<'m>(file: &Attachment, of: impl FnOnce(&[u8]) -> String) -> Value<'m> {
    match file.content() {
        Some(content) => Value::text(of(content)),
        None => Value::lacking("the content of this file is not at hand"),
    }
}

/// An attached file.
pub(super) fn attachment<'m>(attached: &'m Attachment) -> Value<'m> {
    file(attached, move |name| fact(attached, name))
}

/// What is known of a file by the name of a field.
pub(super) fn fact<'m>(attached: &'m Attachment, name: &str) -> Value<'m> {
    match name {
        "file_name" => Value::text_or_absent(&attached.name),
        "file_extension" => Value::text_or_absent(&attached.extension),
        "file_type" => Value::text(attached.actual_type.map_or("unknown", short)),
        "content_type" => Value::text_or_absent(&attached.declared_type),
        "content_id" => Value::text_or_absent(&attached.content_id),
        "size" => Value::Integer(attached.bytes as i64),
        "content_disposition" => Value::text_or_absent(&attached.disposition),
        "sha1" => digest(attached, |content| hexadecimal(&Sha1::digest(content))),
        "md5" => digest(attached, |content| hexadecimal(&Md5::digest(content))),
        "sha256" => Value::text(hexadecimal(&attached.sha256)),
        _ => Value::ABSENT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_the_names_that_rules_use() {
        for (media_type, expected) in
            [("application/pdf", "pdf"), ("image/jpeg", "jpg"), ("application/zip", "zip"), ("text/html", "html")]
        {
            assert_eq!(short(media_type), expected);
        }
    }
}
