#include "libs/domain/error_details.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"

#include "libs/base/utf8_prefix.h"
#include "libs/domain/limits.h"

namespace fairway {
namespace {

constexpr absl::string_view kReason = "fairway.reason";
constexpr absl::string_view kCause = "fairway.cause";
constexpr absl::string_view kRetryDelay = "fairway.retry_delay_ms";
constexpr absl::string_view kMetadata = "fairway.metadata/";
constexpr absl::string_view kField = "fairway.field/";

// A status gives its payloads back in any order, so lists carry a position in their key.
std::string PositionKey(absl::string_view prefix, size_t position, absl::string_view name) {
  return absl::StrFormat("%s%06d/%s", prefix, position, name);
}

absl::string_view NameOf(absl::string_view position_key) {
  return position_key.substr(position_key.find('/') + 1);
}

using Payloads = std::vector<std::pair<std::string, std::string>>;

Payloads SortedPayloads(const absl::Status& status) {
  Payloads payloads;
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) {
    payloads.emplace_back(std::string(url), std::string(payload));
  });
  std::sort(payloads.begin(), payloads.end());
  return payloads;
}

std::string TextPayload(const absl::Status& status, absl::string_view url) {
  const absl::optional<absl::Cord> payload = status.GetPayload(url);
  return payload ? std::string(*payload) : std::string();
}

}  // namespace

absl::Status MakeError(absl::StatusCode code, absl::string_view message,
                       const ErrorDetails& details) {
  absl::Status status(code, message);
  status.SetPayload(kReason, absl::Cord(details.reason));
  for (size_t i = 0; i < details.metadata.size(); ++i) {
    const auto& [key, value] = details.metadata[i];
    status.SetPayload(PositionKey(kMetadata, i, key), absl::Cord(value));
  }
  for (size_t i = 0; i < details.field_violations.size(); ++i) {
    const FieldViolation& violation = details.field_violations[i];
    status.SetPayload(PositionKey(kField, i, violation.field), absl::Cord(violation.description));
  }
  if (details.retry_delay) {
    status.SetPayload(kRetryDelay,
                      absl::Cord(absl::StrCat(absl::ToInt64Milliseconds(*details.retry_delay))));
  }
  return status;
}

std::string QuoteValue(absl::string_view value) {
  const absl::string_view quoted = Utf8Prefix(value, limits::kRowErrorValueBytesMax);
  return absl::StrCat("\"", quoted, quoted.size() < value.size() ? "…" : "", "\"");
}

ErrorDetails DetailsOf(const absl::Status& status) {
  ErrorDetails details;
  for (const auto& [url, payload] : SortedPayloads(status)) {
    absl::string_view key = url;
    if (key == kReason) {
      details.reason = payload;
    } else if (absl::ConsumePrefix(&key, kMetadata)) {
      details.metadata.emplace_back(std::string(NameOf(key)), payload);
    } else if (absl::ConsumePrefix(&key, kField)) {
      details.field_violations.push_back({std::string(NameOf(key)), payload});
    } else if (int64_t milliseconds = 0;
               key == kRetryDelay && absl::SimpleAtoi(payload, &milliseconds)) {
      details.retry_delay = absl::Milliseconds(milliseconds);
    }
  }
  return details;
}

std::string ReasonOf(const absl::Status& status) { return TextPayload(status, kReason); }

absl::Status WithCause(absl::Status status, absl::string_view cause) {
  status.SetPayload(kCause, absl::Cord(cause));
  return status;
}

std::string CauseOf(const absl::Status& status) { return TextPayload(status, kCause); }

}  // namespace fairway
