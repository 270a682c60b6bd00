//! What a request speaks, by its content type.

use http::{HeaderMap, header};

/// What a request speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    /// gRPC as it is.
    Grpc,
    /// gRPC in the form that browsers can send; the content type without parameters, of which the translation knows none.
    GrpcWeb(&'static str),
    /// grpc-web of a kind that is not translated, such as JSON.
    GrpcWebUnknown,
    /// A page, or anything else.
    Http,
}

const GRPC_WEB: [&str; 4] = [
    "application/grpc-web",
    "application/grpc-web+proto",
    "application/grpc-web-text",
    "application/grpc-web-text+proto",
];

impl Protocol {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let Some(Ok(content_type)) = headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) else {
            return Self::Http;
        };
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if let Some(known) = GRPC_WEB.into_iter().find(|known| *known == essence) {
            return Self::GrpcWeb(known);
        }
        match essence.strip_prefix("application/grpc") {
            Some("") => Self::Grpc,
            Some(rest) if rest.starts_with('+') => Self::Grpc,
            Some(rest) if rest.starts_with("-web") => Self::GrpcWebUnknown,
            _ => Self::Http,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn content_types_decide() {
        for (content_type, protocol) in [
            ("application/grpc", Protocol::Grpc),
            ("application/grpc+proto", Protocol::Grpc),
            ("application/grpc;x=y", Protocol::Grpc),
            ("application/grpc-web", Protocol::GrpcWeb("application/grpc-web")),
            ("application/grpc-web+proto", Protocol::GrpcWeb("application/grpc-web+proto")),
            ("Application/gRPC-Web+Proto; charset=utf-8", Protocol::GrpcWeb("application/grpc-web+proto")),
            ("application/grpc-web-text", Protocol::GrpcWeb("application/grpc-web-text")),
            ("application/grpc-web-text+proto", Protocol::GrpcWeb("application/grpc-web-text+proto")),
            ("application/grpc-web+json", Protocol::GrpcWebUnknown),
            ("application/grpcx", Protocol::Http),
            ("application/json", Protocol::Http),
            ("text/html, application/grpc", Protocol::Http),
            ("", Protocol::Http),
        ] {
            let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            assert_eq!(Protocol::of(&headers), protocol, "{content_type}");
        }
        assert_eq!(Protocol::of(&HeaderMap::new()), Protocol::Http);
    }

    #[test]
    fn bytes_that_are_no_text_are_no_grpc() {
        let value = HeaderValue::from_bytes(b"application/grpc\xff").unwrap();
        assert_eq!(Protocol::of(&HeaderMap::from_iter([(header::CONTENT_TYPE, value)])), Protocol::Http);
    }
}
