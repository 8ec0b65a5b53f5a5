"""The site about itself: policy pages, glossary, feedback, formats, errors, banner."""
