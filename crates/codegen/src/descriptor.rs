//! The descriptor set that servers hand out through reflection.

use prost_types::{FileDescriptorProto, FileDescriptorSet};

/// Keeps what a reflecting client can use: types, services and comments. Rules, and with them the import of `buf.validate`, are left
/// out: reflection servers drop unknown options anyway, and a client would have to load 200 kB of definitions to read none.
pub(crate) fn for_reflection(files: &FileDescriptorSet, package: &str) -> FileDescriptorSet {
    let file = files
        .file
        .iter()
        .filter(|file| file.package() == package || file.package() == "google.protobuf")
        .filter(|file| file.name() != "google/protobuf/descriptor.proto")
        .cloned()
        .map(|mut file| {
            file.dependency.retain(|name| !name.starts_with("buf/validate/"));
            if file.package() == package {
                keep_comments_only(&mut file);
            } else {
                file.source_code_info = None;
            }
            file
        })
        .collect::<Vec<_>>();
    let used = |name: &str| {
        file.iter().any(|other| other.package() == package && other.dependency.iter().any(|import| import == name))
    };
    let file = file.iter().filter(|f| f.package() == package || used(f.name())).cloned().collect();
    FileDescriptorSet { file }
}

/// Drops the positions of things without a comment, two thirds of the size.
fn keep_comments_only(file: &mut FileDescriptorProto) {
    if let Some(info) = &mut file.source_code_info {
        info.location.retain(|location| location.leading_comments.is_some() || location.trailing_comments.is_some());
    }
}
