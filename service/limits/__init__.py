"""What one caller may ask for: requests in a minute, points in a request, credits."""
