//! Who sent a request, as the services behind see it.

use analytics_rpc::{ClientAddress, ConnectionEnding, RpcError};
use http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};
use tonic::{Request, Status, metadata::MetadataMap};

use super::answer::Refusal;
use crate::forward::CONNECTION_HEADERS;

/// What describes the body or the answer, and cookies, which are nobody's business here.
const NOT_OF_THE_SENDER: [HeaderName; 8] = [
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::COOKIE,
    HeaderName::from_static("grpc-timeout"),
    HeaderName::from_static("grpc-encoding"),
];

/// The headers, address and connection of a request.
pub(super) struct Sender {
    headers: HeaderMap,
    address: Option<ClientAddress>,
    ending: ConnectionEnding,
}

impl Sender {
    /// The sender of this request. A key in the header wins over the other one.
    pub(super) fn of(head: &Parts, key: Option<String>) -> Result<Self, Refusal> {
        let mut headers = head.headers.clone();
        for name in CONNECTION_HEADERS.iter().chain(&NOT_OF_THE_SENDER) {
            headers.remove(name);
        }
        if let (Some(key), false) = (key, headers.contains_key(header::AUTHORIZATION)) {
            let value = HeaderValue::try_from(format!("Bearer {key}"));
            let mut value = value.map_err(|_| Status::from(RpcError::KeyMistyped))?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        let address = head.extensions.get::<ClientAddress>().copied();
        let ending = head.extensions.get::<ConnectionEnding>().cloned().unwrap_or_default();
        Ok(Self { headers, address, ending })
    }

    /// Says the origin of the page that shows an image, for which browsers send none: keys are good for some origins only. A page that
    /// hides itself has the one of pages without any.
    pub(super) fn shown_by(mut self, page: &str) -> Self {
        let origin = origin_of(page).and_then(|origin| HeaderValue::try_from(origin).ok());
        let origin = origin.or_else(|| self.is_shown_by_a_page().then_some(HeaderValue::from_static("null")));
        if let (Some(origin), false) = (origin, self.headers.contains_key(header::ORIGIN)) {
            self.headers.insert(header::ORIGIN, origin);
        }
        self
    }

    /// As browsers tell in any case; `none` is somebody who typed the address.
    fn is_shown_by_a_page(&self) -> bool {
        self.headers.get("sec-fetch-site").is_some_and(|site| site != "none")
    }

    /// A call with what it sends.
    pub(super) fn request<T>(self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        *request.metadata_mut() = MetadataMap::from_headers(self.headers);
        if let Some(address) = self.address {
            request.extensions_mut().insert(address);
        }
        request.extensions_mut().insert(self.ending);
        request
    }
}

/// The parameter `key`: a beacon cannot set headers.
pub(super) fn key_in_query(query: Option<&str>) -> Option<String> {
    let mut parameters = form_urlencoded::parse(query?.as_bytes());
    parameters.find(|(name, _)| name == "key").map(|(_, key)| key.into_owned())
}

/// Scheme, host and port of a URL, as browsers write an origin.
fn origin_of(url: &str) -> Option<String> {
    let uri: http::Uri = url.parse().ok()?;
    let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
    let host = uri.host().filter(|host| !host.is_empty())?.to_ascii_lowercase();
    let port = uri.port_u16().filter(|port| !matches!((scheme, port), ("http", 80) | ("https", 443)));
    Some(port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_of_a_page_is_written_as_browsers_do() {
        for (url, origin) in [
            ("https://shop.example/a?b=c", Some("https://shop.example")),
            ("https://Shop.Example:443/", Some("https://shop.example")),
            ("http://localhost:8080/a", Some("http://localhost:8080")),
            ("http://[::1]:80/", Some("http://[::1]")),
            ("/path", None),
            ("android-app://com.example", None),
            ("", None),
        ] {
            assert_eq!(origin_of(url).as_deref(), origin, "{url}");
        }
    }

    #[test]
    fn a_page_that_hides_itself_has_the_origin_null() {
        let origin = |headers: &[(&str, &str)], page: &str| {
            let mut request = http::Request::get("/track");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let sender = Sender::of(&request.body(()).unwrap().into_parts().0, None).unwrap().shown_by(page);
            sender.headers.get(header::ORIGIN).map(|origin| origin.to_str().unwrap().to_owned())
        };
        let cross_site = ("sec-fetch-site", "cross-site");
        assert_eq!(origin(&[cross_site], "").as_deref(), Some("null"));
        assert_eq!(origin(&[cross_site], "https://shop.example/a").as_deref(), Some("https://shop.example"));
        assert_eq!(origin(&[cross_site, ("origin", "https://b.example")], "").as_deref(), Some("https://b.example"));
        assert_eq!(origin(&[("sec-fetch-site", "none")], ""), None);
        assert_eq!(origin(&[], ""), None, "a program, or a mail");
    }

    #[test]
    fn the_key_is_found_among_the_parameters() {
        assert_eq!(key_in_query(Some("a=b&key=ak_1&c=d")).as_deref(), Some("ak_1"));
        assert_eq!(key_in_query(Some("akey=ak_1")), None);
        assert_eq!(key_in_query(None), None);
    }
}
