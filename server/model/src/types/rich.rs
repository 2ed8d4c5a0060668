//! The fifty rich scalars. Source of types, patterns and bounds: `core/scalar_types.py` of SpecQL 0.8.7.
//!
//! Invariant: the example of a scalar satisfies its pattern and its bounds.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

use super::RichScalar;

const fn scalar(
    name: &'static str,
    sql_type: &'static str,
    graphql: &'static str,
    documentation: &'static str,
    example: &'static str,
) -> RichScalar {
    RichScalar {
        name,
        sql_type,
        graphql,
        pattern: None,
        bounds: (None, None),
        documentation,
        example,
    }
}

impl RichScalar {
    const fn matching(self, pattern: &'static str) -> Self {
        Self { pattern: Some(pattern), ..self }
    }

    const fn from(self, least: &'static str) -> Self {
        Self { bounds: (Some(least), None), ..self }
    }

    /// Whether a text is a value of it, as far as its pattern says.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.regex().is_none_or(|it| it.is_match(text))
    }

    /// The pattern, which is made once.
    fn regex(&self) -> Option<&'static Regex> {
        static ALL: [OnceLock<Option<Regex>>; RICH_SCALARS.len()] =
            [const { OnceLock::new() }; RICH_SCALARS.len()];
        let at = RICH_SCALARS.iter().position(|it| it.name == self.name)?;
        let make = || RegexBuilder::new(self.pattern?).case_insensitive(true).build().ok();
        ALL.get(at)?.get_or_init(make).as_ref()
    }

    const fn between(self, least: &'static str, greatest: &'static str) -> Self {
        Self { bounds: (Some(least), Some(greatest)), ..self }
    }
}

/// Names that older files use, and what they mean.
pub const RICH_ALIASES: &[(&str, &str)] = &[("phone", "phoneNumber")];

/// The rich scalars, grouped as in the upstream documentation.
pub const RICH_SCALARS: &[RichScalar] = &[
    scalar("email", "text", "Email", "email address", "ada@example.org")
        .matching(r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$"),
    scalar("phoneNumber", "text", "PhoneNumber", "telephone number in E.164", "+14155552671")
        .matching(r"^\+[1-9]\d{1,14}$"),
    scalar("url", "text", "Url", "address of a web page", "https://example.org/page")
        .matching(r"^https?://[^\s/$.?#].[^\s]*$"),
    scalar("slug", "text", "Slug", "part of a URL: lower-case words joined by hyphens", "hello-world")
        .matching(r"^[a-z0-9]+(?:-[a-z0-9]+)*$"),
    scalar("markdown", "text", "Markdown", "text in Markdown", "# Hello"),
    scalar("html", "text", "Html", "text in HTML", "<p>Hello</p>"),
    scalar("ipAddress", "inet", "IpAddress", "IPv4 or IPv6 address", "192.0.2.1"),
    scalar("macAddress", "macaddr", "MacAddress", "hardware address", "08:00:2b:01:02:03"),
    scalar("money", "numeric(19,4)", "Money", "amount of money, without its currency", "19.99")
        .from("0.0"),
    scalar("percentage", "numeric(5,2)", "Percentage", "percentage from 0 to 100", "12.50")
        .between("0.0", "100.0"),
    scalar("date", "date", "Date", "calendar date", "2026-01-15"),
    scalar("datetime", "timestamptz", "DateTime", "moment in time", "2026-01-15T10:30:00Z"),
    scalar("time", "time", "Time", "time of day", "10:30:00"),
    scalar("duration", "interval", "Duration", "length of time", "1 hour"),
    scalar("coordinates", "point", "Coordinates", "latitude and longitude as a point", "(48.8566,2.3522)"),
    scalar("latitude", "numeric(10,8)", "Latitude", "latitude in degrees", "48.85660000")
        .between("-90.0", "90.0"),
    scalar("longitude", "numeric(11,8)", "Longitude", "longitude in degrees", "2.35220000")
        .between("-180.0", "180.0"),
    scalar("image", "text", "Image", "path or URL of an image", "https://example.org/cover.png"),
    scalar("file", "text", "File", "path or URL of a file", "https://example.org/report.pdf"),
    scalar("color", "text", "Color", "colour as `#rrggbb`", "#336699").matching("^#[0-9A-Fa-f]{6}$"),
    scalar("uuid", "uuid", "UUID", "universally unique identifier", "5b1c2d3e-4f50-4a61-8b72-9c83ad94be05"),
    scalar("languageCode", "text", "LanguageCode", "ISO 639-1 language code", "en")
        .matching("^[a-z]{2}$"),
    scalar("localeCode", "text", "LocaleCode", "BCP 47 locale code", "en-GB")
        .matching("^[a-z]{2}(-[A-Z]{2})?$"),
    scalar("timezone", "text", "Timezone", "IANA time zone", "Europe/Paris")
        .matching("^[A-Z][a-zA-Z_]+(/[A-Z][a-zA-Z_]+){1,2}$"),
    scalar("currencyCode", "text", "CurrencyCode", "ISO 4217 currency code", "EUR")
        .matching("^[A-Z]{3}$"),
    scalar("countryCode", "text", "CountryCode", "ISO 3166-1 alpha-2 country code", "FR")
        .matching("^[A-Z]{2}$"),
    scalar("mimeType", "text", "MimeType", "media type", "image/png").matching(
        r"^[a-zA-Z][a-zA-Z0-9][a-zA-Z0-9\!\#\$\&\-\^]*\/[a-zA-Z0-9][a-zA-Z0-9\!\#\$\&\-\^]*$",
    ),
    scalar("semanticVersion", "text", "SemanticVersion", "semantic version", "1.4.0").matching(concat!(
        r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)",
        r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?",
        r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$",
    )),
    scalar("stockSymbol", "text", "StockSymbol", "ticker symbol of a stock", "AAPL")
        .matching(r"^[A-Z]{1,5}(\.[A-Z]{1,2})?$"),
    scalar("isin", "text", "ISIN", "international securities identification number", "US0378331005")
        .matching("^[A-Z]{2}[A-Z0-9]{9}[0-9]$"),
    scalar("cusip", "text", "CUSIP", "North American securities number", "037833100")
        .matching("^[0-9]{6}[0-9A-Z]{2}[0-9]$"),
    scalar("sedol", "text", "SEDOL", "London securities number", "2046251")
        .matching("^[0-9A-Z]{6}[0-9]$"),
    scalar("lei", "text", "LEI", "legal entity identifier", "HWUPKR0MPOU8FGXBT394")
        .matching("^[0-9A-Z]{18}[0-9]{2}$"),
    scalar("mic", "text", "MIC", "market identifier code", "XNAS").matching("^[A-Z0-9]{4}$"),
    scalar("exchangeCode", "text", "ExchangeCode", "code of a stock exchange", "NASDAQ")
        .matching("^[A-Z]{2,6}$"),
    scalar("exchangeRate", "numeric(19,8)", "ExchangeRate", "rate between two currencies", "1.08350000")
        .from("0.0"),
    scalar("trackingNumber", "text", "TrackingNumber", "number of a shipment", "1Z999AA10123456784")
        .matching("^[A-Z0-9]{8,30}$"),
    scalar("containerNumber", "text", "ContainerNumber", "ISO 6346 container number", "CSQU3054383")
        .matching(r"^[A-Z]{3}[UJZ]\d{6}\d$"),
    scalar("licensePlate", "text", "LicensePlate", "licence plate of a vehicle", "AB-123-CD")
        .matching(r"^[A-Z0-9\s\-]{1,20}$"),
    scalar("vin", "text", "VIN", "vehicle identification number", "1HGCM82633A004352")
        .matching("^[A-HJ-NPR-Z0-9]{17}$"),
    scalar("flightNumber", "text", "FlightNumber", "flight number, with the airline's letters", "AFR1234")
        .matching(r"^[A-Z]{2,3}\d{1,4}[A-Z]?$"),
    scalar("portCode", "text", "PortCode", "UN/LOCODE of a port", "NLRTM").matching("^[A-Z]{5}$"),
    scalar("postalCode", "text", "PostalCode", "postal code", "75001")
        .matching(r"^[A-Z0-9\s\-]{3,12}$"),
    scalar("airportCode", "text", "AirportCode", "IATA code of an airport", "CDG")
        .matching("^[A-Z]{3}$"),
    scalar("domainName", "text", "DomainName", "domain name", "example.org")
        .matching(r"^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,}$"),
    scalar("apiKey", "text", "ApiKey", "key that grants access to an API", "example_key_0123456789")
        .matching(r"^[A-Za-z0-9_\-]{20,128}$"),
    scalar(
        "hashSHA256",
        "text",
        "HashSHA256",
        "SHA-256 digest in hexadecimal",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    )
    .matching("^[a-f0-9]{64}$"),
    scalar("iban", "text", "IBAN", "international bank account number", "FR7630006000011234567890189")
        .matching(r"^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$"),
    scalar("swiftCode", "text", "SwiftCode", "BIC of a bank", "AGRIFRPP")
        .matching("^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$"),
    scalar("json", "jsonb", "JSON", "any JSON value", "{}"),
];
