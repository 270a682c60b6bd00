//! The pixel: an image that counts whoever loads it, for mail and for pages without scripts.
//!
//! The answer is the image in any case, so that no page shows a broken one, and its status tells what happened. A parameter that is not
//! known is refused: an event without what its author meant to send would be a silent loss.

use std::collections::BTreeMap;

use analytics_domain::Micros;
use analytics_proto::v1::{Event, EventKind, PropertyValue, TrackRequest, TrackResponse, Verdict, property_value};
use analytics_rpc::RpcError;
use axum::{body::Body, response::Response};
use http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use uuid::{NoContext, Timestamp, Uuid};

use super::answer::{Refusal, bare};

/// One transparent pixel.
const IMAGE: &[u8] =
    b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
/// What programs that test a pixel read beside the status.
const REASON: HeaderName = HeaderName::from_static("x-track-reason");

/// What the address of the image says.
#[derive(Debug)]
pub(super) struct Pixel {
    pub(super) key: Option<String>,
    /// The page that shows the image, as its browser says; may be empty.
    pub(super) page: String,
    pub(super) request: TrackRequest,
}

/// Makes an event of a request for the image, which happened now.
pub(super) fn read(head: &Parts, now: Micros) -> Result<Pixel, RpcError> {
    let parameters = parameters(head.uri.query().unwrap_or_default())?;
    let mut event = Event { kind: EventKind::View.into(), ..Event::default() };
    let (mut key, mut project) = (None, String::new());
    for (name, value) in parameters {
        match name.as_str() {
            "key" => key = Some(value),
            "project" => project = value,
            "kind" => event.kind = kind_of(&value)?.into(),
            "name" => event.name = value,
            "url" => event.url = value,
            "referrer" => event.referrer = value,
            "language" => event.language = value,
            "user_id" => event.user_id = value,
            // For whoever wants each address to be another one.
            "_" => {}
            _ => match name.strip_prefix("prop.") {
                Some(property) => drop(event.properties.insert(property.to_owned(), text(value))),
                None => return Err(unknown(&name)),
            },
        }
    }
    let page = head.headers.get(header::REFERER).and_then(|page| page.to_str().ok()).unwrap_or_default().to_owned();
    if event.url.is_empty() {
        event.url.clone_from(&page);
    }
    let (seconds, nanos) = (now.0.div_euclid(1_000_000), now.0.rem_euclid(1_000_000) as i32 * 1000);
    event.occurred_at = Some(pbjson_types::Timestamp { seconds, nanos });
    let made_at = Timestamp::from_unix(NoContext, seconds.unsigned_abs(), nanos.unsigned_abs());
    event.event_id = Uuid::new_v7(made_at).to_string();
    Ok(Pixel { key, page, request: TrackRequest { project, events: vec![event], ..TrackRequest::default() } })
}

fn parameters(query: &str) -> Result<BTreeMap<String, String>, RpcError> {
    let mut parameters = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if parameters.insert(name.clone().into_owned(), value.into_owned()).is_some() {
            return Err(RpcError::invalid_field(name, "is given twice"));
        }
    }
    Ok(parameters)
}

fn unknown(name: &str) -> RpcError {
    let known = "key, project, kind, name, url, referrer, language, user_id, prop.NAME and _ are";
    RpcError::invalid_field(name, format!("is no parameter of the pixel: {known}"))
}

fn text(value: String) -> PropertyValue {
    PropertyValue { value: Some(property_value::Value::StringValue(value)) }
}

fn kind_of(text: &str) -> Result<EventKind, RpcError> {
    let known = [
        ("view", EventKind::View),
        ("click", EventKind::Click),
        ("conversion", EventKind::Conversion),
        ("funnel_step", EventKind::FunnelStep),
        ("custom", EventKind::Custom),
    ];
    let kind = known.into_iter().find(|(name, _)| *name == text).map(|(_, kind)| kind);
    kind.ok_or_else(|| RpcError::invalid_field("kind", "must be view, click, conversion, funnel_step or custom"))
}

/// The image, with what became of its event.
pub(super) fn answer(response: &TrackResponse) -> Response {
    let Some(verdict) = response.verdicts.first() else { return image(StatusCode::INTERNAL_SERVER_ERROR, "") };
    match verdict.verdict() {
        Verdict::Rejected => image(StatusCode::BAD_REQUEST, verdict.reason().as_str_name()),
        Verdict::Retry => image(StatusCode::SERVICE_UNAVAILABLE, verdict.reason().as_str_name()),
        Verdict::Accepted | Verdict::Stored | Verdict::Duplicate | Verdict::Filtered | Verdict::Unspecified => {
            image(StatusCode::OK, "")
        }
    }
}

/// The image, with why nothing was taken.
pub(super) fn refuse(refusal: &Refusal) -> Response {
    let mut response = image(refusal.status(), refusal.reason());
    refusal.add_headers(&mut response);
    response
}

fn image(status: StatusCode, reason: &str) -> Response {
    let mut response = bare(status, "image/gif", Body::from(IMAGE));
    if let (false, Ok(reason)) = (reason.is_empty(), HeaderValue::from_str(reason)) {
        response.headers_mut().insert(REASON, reason);
    }
    response
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn pixel(target: &str) -> Result<Pixel, RpcError> {
        let request = Request::get(target).header("referer", "https://shop.example/cart?step=2").body(()).unwrap();
        read(&request.into_parts().0, Micros(1_800_000_000_123_456))
    }

    #[test]
    fn an_address_becomes_an_event_that_happens_now() {
        let pixel =
            pixel("/track?key=ak_1&kind=custom&name=mail%20opened&prop.campaign=June+news&prop.a.b=c&_=17").unwrap();
        assert_eq!((pixel.key.as_deref(), pixel.page.as_str()), (Some("ak_1"), "https://shop.example/cart?step=2"));
        let event = &pixel.request.events[0];
        assert_eq!((event.kind(), event.name.as_str()), (EventKind::Custom, "mail opened"));
        assert_eq!(event.url, "https://shop.example/cart?step=2");
        assert_eq!(event.properties["campaign"], text("June news".to_owned()));
        assert_eq!(event.properties["a.b"], text("c".to_owned()));
        assert_eq!(event.occurred_at, Some(pbjson_types::Timestamp { seconds: 1_800_000_000, nanos: 123_456_000 }));
        let id = Uuid::parse_str(&event.event_id).unwrap();
        assert_eq!((id.get_version_num(), id.get_timestamp().unwrap().to_unix()), (7, (1_800_000_000, 123_000_000)));
    }

    #[test]
    fn each_request_is_an_event_of_its_own() {
        let id = || pixel("/track").unwrap().request.events[0].event_id.clone();
        assert_ne!(id(), id());
    }

    #[test]
    fn the_address_wins_over_the_page_that_shows_it() {
        assert_eq!(
            pixel("/track?url=https://shop.example/mail").unwrap().request.events[0].url,
            "https://shop.example/mail"
        );
        assert_eq!(pixel("/track").unwrap().request.events[0].kind(), EventKind::View);
    }

    #[test]
    fn what_is_not_understood_is_not_dropped() {
        for (target, field) in
            [("/track?nmae=x", "`nmae`"), ("/track?kind=veiw", "`kind`"), ("/track?url=a&url=b", "`url`")]
        {
            assert!(pixel(target).unwrap_err().to_string().contains(field), "{target}");
        }
    }
}
