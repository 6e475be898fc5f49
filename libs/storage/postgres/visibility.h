#pragma once

#include <string>

#include "absl/strings/string_view.h"

// For the .cc files of this folder.
namespace fairway {

// The SQL condition that `version` shows the batch: it was committed by then and not yet reverted.
// `batch` is a name of fairway.batches in the statement, `version` a parameter or a number.
// IsVisible() in libs/domain/batch.h states the same of a BatchRecord.
std::string VisibleSql(absl::string_view batch, absl::string_view version);

}  // namespace fairway
