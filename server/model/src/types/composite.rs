//! The seventeen composites, stored as JSONB. Source: `core/scalar_types.py` of SpecQL 0.8.7.

use super::Composite;

type Part = (&'static str, &'static str, bool);

const fn composite(
    name: &'static str,
    documentation: &'static str,
    parts: &'static [Part],
) -> Composite {
    Composite { name, parts, documentation }
}

const fn required(name: &'static str, ty: &'static str) -> Part {
    (name, ty, true)
}

const fn optional(name: &'static str, ty: &'static str) -> Part {
    (name, ty, false)
}

/// The composites, in the order of the upstream documentation.
pub const COMPOSITES: &[Composite] = &[
    composite(
        "SimpleAddress",
        "postal address",
        &[
            required("street", "text"),
            required("city", "text"),
            required("state", "text"),
            required("zipCode", "text"),
            optional("country", "text"),
        ],
    ),
    composite(
        "MoneyAmount",
        "amount of money with its currency",
        &[required("amount", "money"), required("currency", "text")],
    ),
    composite(
        "PersonName",
        "name of a person in its parts",
        &[
            required("firstName", "text"),
            required("lastName", "text"),
            optional("middleName", "text"),
            optional("title", "text"),
            optional("suffix", "text"),
        ],
    ),
    composite(
        "ContactInfo",
        "ways to reach somebody",
        &[optional("email", "email"), optional("phone", "phoneNumber"), optional("website", "url")],
    ),
    composite(
        "Coordinates",
        "latitude and longitude",
        &[required("latitude", "latitude"), required("longitude", "longitude")],
    ),
    composite(
        "TimeRange",
        "times of day from start to end",
        &[required("start", "time"), required("end", "time")],
    ),
    composite(
        "DateRange",
        "dates from start to end",
        &[required("start", "date"), required("end", "date")],
    ),
    composite(
        "PhoneNumber",
        "telephone number with its country code apart",
        &[required("countryCode", "text"), required("number", "text")],
    ),
    composite(
        "EmailAddress",
        "email address with the name to show",
        &[required("address", "email"), optional("displayName", "text")],
    ),
    composite(
        "URL",
        "web address in its parts",
        &[
            required("protocol", "text"),
            required("host", "text"),
            optional("path", "text"),
            optional("query", "text"),
            optional("fragment", "text"),
        ],
    ),
    composite(
        "Color",
        "colour in red, green, blue and alpha",
        &[
            required("red", "integer"),
            required("green", "integer"),
            required("blue", "integer"),
            optional("alpha", "float"),
        ],
    ),
    composite(
        "Dimensions",
        "width, height and depth with their unit",
        &[
            required("width", "float"),
            required("height", "float"),
            optional("depth", "float"),
            required("unit", "text"),
        ],
    ),
    composite(
        "BusinessHours",
        "opening times for each day of the week",
        &[
            optional("monday", "TimeRange"),
            optional("tuesday", "TimeRange"),
            optional("wednesday", "TimeRange"),
            optional("thursday", "TimeRange"),
            optional("friday", "TimeRange"),
            optional("saturday", "TimeRange"),
            optional("sunday", "TimeRange"),
        ],
    ),
    composite(
        "Contact",
        "a person to contact; for a reference to an entity `Contact` write `ref(Contact)`",
        &[
            required("name", "text"),
            optional("email", "email"),
            optional("phone", "phoneNumber"),
            optional("alternate_phone", "phoneNumber"),
            optional("relationship", "text"),
            optional("company", "text"),
            optional("job_title", "text"),
            optional("notes", "markdown"),
        ],
    ),
    composite(
        "Company",
        "a company; for a reference to an entity `Company` write `ref(Company)`",
        &[
            required("name", "text"),
            optional("legal_name", "text"),
            optional("tax_id", "text"),
            optional("website", "url"),
            optional("industry", "text"),
            optional("employee_count", "integer"),
            optional("address", "SimpleAddress"),
            optional("phone", "phoneNumber"),
        ],
    ),
    composite(
        "GeoLocation",
        "position with the readings of a device",
        &[
            required("latitude", "latitude"),
            required("longitude", "longitude"),
            optional("altitude", "integer"),
            optional("accuracy", "integer"),
            optional("heading", "integer"),
            optional("speed", "float"),
            required("timestamp", "datetime"),
        ],
    ),
    composite(
        "CurrencyExchange",
        "exchange rate between two currencies at a moment",
        &[
            required("baseCurrency", "currencyCode"),
            required("quoteCurrency", "currencyCode"),
            required("rate", "exchangeRate"),
            required("timestamp", "datetime"),
            optional("source", "text"),
        ],
    ),
];
