#include "libs/domain/region_slug.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "libs/domain/errors.h"
#include "libs/domain/limits.h"

namespace fairway {

bool IsValidRegionSlug(absl::string_view text) {
  return !text.empty() && text.size() <= limits::kRegionSlugLengthMax &&
         absl::ascii_islower(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_' || c == '-';
         });
}

absl::Status CheckRegionSlug(absl::string_view field, absl::string_view text) {
  if (IsValidRegionSlug(text)) return absl::OkStatus();
  // Said first: the letters of a long slug may well be right.
  if (text.size() > limits::kRegionSlugLengthMax) {
    return InvalidLocationError(
        field, text,
        absl::StrCat("it has ", text.size(), " bytes; a region slug has at most ",
                     limits::kRegionSlugLengthMax));
  }
  return InvalidLocationError(field, text,
                              "a region slug is a lower-case letter, then lower-case letters, "
                              "digits, '_' or '-'");
}

}  // namespace fairway
