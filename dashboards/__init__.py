"""The dashboard of the District Attorney's office: pages that show the current leadership release."""
