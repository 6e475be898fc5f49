#pragma once

#include "services/ingest/admission.h"
#include "services/ingest/upload_places.h"

namespace fairway::ingest {

// Draining begins: uploads that come, that wait for a place, or that have one and did not begin yet
// are refused with DRAINING. Those that run go on.
void RefuseUploads(Admission& admission, UploadPlaces& places);

}  // namespace fairway::ingest
