#include "services/ingest/refuse_uploads.h"

#include "libs/domain/errors.h"

namespace fairway::ingest {

void RefuseUploads(Admission& admission, UploadPlaces& places) {
  admission.StartDraining();
  places.Close(DrainingError());
}

}  // namespace fairway::ingest
