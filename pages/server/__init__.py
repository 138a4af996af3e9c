"""HTTP beside the pages: the health check, security headers, the page shell, a limit on websockets."""
