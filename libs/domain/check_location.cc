#include "libs/domain/check_location.h"

#include "absl/strings/str_cat.h"

#include "libs/domain/errors.h"
#include "libs/domain/field_errors.h"
#include "libs/domain/limits.h"
#include "libs/domain/port_code.h"
#include "libs/domain/region_slug.h"

namespace fairway {
namespace {

// `code`: of the location with this name.
absl::Status CheckLocationName(absl::string_view path, absl::string_view code,
                               absl::string_view name) {
  const auto refuse = [&](absl::string_view why) {
    return InvalidRequestError(absl::StrCat(path, ".name"),
                               absl::StrCat("the name of ", QuoteValue(code), " ", why));
  };
  if (name.empty()) return refuse("is empty");
  if (name.size() > limits::kLocationNameBytesMax) {
    return refuse(absl::StrCat("is longer than ", limits::kLocationNameBytesMax, " bytes"));
  }
  if (name.find('\0') != absl::string_view::npos) return refuse("holds a NUL");
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRegion(absl::string_view path, absl::string_view slug, absl::string_view name) {
  FieldErrors errors;
  errors.Add(CheckRegionSlug(absl::StrCat(path, ".slug"), slug));
  errors.Add(CheckLocationName(path, slug, name));
  return errors.status();
}

absl::Status CheckPort(absl::string_view path, absl::string_view code, absl::string_view name,
                       absl::string_view parent) {
  FieldErrors errors;
  errors.Add(PortCode::Parse(code, absl::StrCat(path, ".code")).status());
  errors.Add(CheckLocationName(path, code, name));
  if (parent.empty()) {
    errors.Add(InvalidLocationError(absl::StrCat(path, ".parent"), code,
                                    "the parent is empty; a port lies in a region"));
  }
  return errors.status();
}

}  // namespace fairway
